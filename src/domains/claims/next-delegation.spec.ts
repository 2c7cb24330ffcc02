import type { Delegation, DelegationState } from '../delegation.js';
import { nextDelegation } from './next-delegation.js';

const BEFORE = new Date('2026-11-01T00:00:00.000Z');
const NOW = new Date('2026-11-02T00:00:00.000Z');

function was(delegation: DelegationState): Delegation {
  const delegatedAt = delegation === 'ready' ? BEFORE : null;
  return { delegation, delegationSince: BEFORE, delegatedAt };
}
const see = (from: DelegationState, state: DelegationState) =>
  nextDelegation(was(from), { state, now: NOW });

const ALL: readonly DelegationState[] = ['unknown', 'none', 'ready', 'elsewhere', 'blocked'];

describe(nextDelegation, () => {
  it.each(ALL)('changes nothing of %s when nobody answers', (state) => {
    expect(see(state, 'unknown')).toEqual({ next: was(state), events: [] });
  });

  it.each(ALL.filter((state) => state !== 'ready'))('tells that %s has become ready', (state) => {
    expect(see(state, 'ready')).toMatchObject({
      next: { delegation: 'ready', delegationSince: NOW, delegatedAt: NOW },
      events: [{ axis: 'certificate', type: 'delegation_ready' }],
    });
  });

  it.each(['none', 'elsewhere', 'blocked'] as const)('tells that it is gone: %s', (state) => {
    expect(see('ready', state)).toEqual({
      next: { delegation: state, delegationSince: NOW, delegatedAt: null },
      events: [{ axis: 'certificate', type: 'delegation_gone', detail: { to: state } }],
    });
  });

  it('tells nothing while it stays, and keeps since when', () => {
    expect(see('ready', 'ready')).toEqual({
      next: { delegation: 'ready', delegationSince: BEFORE, delegatedAt: NOW },
      events: [],
    });
    expect(see('none', 'none').events).toEqual([]);
  });

  it('tells nothing of changes among records that are not ours', () => {
    expect(see('none', 'elsewhere')).toMatchObject({
      next: { delegation: 'elsewhere', delegationSince: NOW, delegatedAt: null },
      events: [],
    });
  });
});
