import { aDomain } from '../../test/fakes/sample-domain.js';
import type { Domain } from '../domains/domain.js';
import { DAY } from '../shared/durations.js';
import { servingOf, type ServingFacts } from './serving.js';

const now = new Date('2026-11-24T00:00:00.000Z');
const ago = (days: number): Date => new Date(now.getTime() - days * DAY);
const CERTIFIED = { isServable: true, promotedAt: new Date('2026-11-23T12:05:00.000Z') };
const UNCERTIFIED = { isServable: false, promotedAt: null };

function blockers(changes: Partial<Domain>, facts: Partial<ServingFacts> = {}): readonly string[] {
  const domain = aDomain(changes);
  const usual = { domain, certificate: CERTIFIED, plan: 'identity_plus', now } as const;
  const { ready, since, blockedBy } = servingOf({ ...usual, ...facts });
  expect(ready).toBe(blockedBy.length === 0);
  expect(since === null).toBe(!ready);
  return blockedBy;
}

describe(servingOf.name, () => {
  it('is ready with proof, certificate and plan, since the later of proof and certificate', () => {
    const facts = { domain: aDomain(), plan: 'identity_plus', now } as const;
    expect(servingOf({ ...facts, certificate: CERTIFIED })).toEqual({
      ready: true,
      since: CERTIFIED.promotedAt,
      blockedBy: [],
    });
  });

  it.each(['pending', 'conflict', 'revoked'] as const)(
    'is blocked by ownership while it is %s',
    (ownership) => {
      expect(blockers({ ownership })).toEqual(['ownership']);
    },
  );

  it('continues for 30 days after the proof lapsed', () => {
    expect(blockers({ ownership: 'lapsed', lapsedAt: ago(29.9) })).toEqual([]);
    expect(blockers({ ownership: 'lapsed', lapsedAt: ago(30.1) })).toEqual(['ownership']);
  });

  it('needs a certificate that has not expired', () => {
    expect(blockers({}, { certificate: UNCERTIFIED })).toEqual(['certificate']);
  });

  it('continues for 14 days after the plan ended', () => {
    const plan = 'basic';
    expect(blockers({}, { plan })).toEqual([]);
    expect(blockers({ planLapsedAt: ago(13.9) }, { plan })).toEqual([]);
    expect(blockers({ planLapsedAt: ago(14.1) }, { plan })).toEqual(['plan']);
    expect(blockers({ planLapsedAt: ago(99) })).toEqual([]);
  });

  it('lists every blocker', () => {
    const changes = { ownership: 'pending', planLapsedAt: ago(15) } as const;
    const facts = { plan: 'basic', certificate: UNCERTIFIED } as const;
    expect(blockers(changes, facts)).toEqual(['ownership', 'certificate', 'plan']);
  });
});
