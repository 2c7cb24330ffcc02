import { nextRouting } from './next-routing.js';
import { ROUTING_STATES, type Routing } from '../routing.js';

const since = new Date('2026-11-01T00:00:00Z');
const now = new Date('2026-11-23T12:00:00Z');
const pointed: Routing = { routing: 'pointed', routingSince: since, pointedAt: since };

describe(nextRouting, () => {
  it('changes nothing when the state is unknown', () => {
    expect(nextRouting(pointed, { state: 'unknown', isReached: false, now })).toEqual({
      next: pointed,
      events: [],
    });
  });

  it('reports each change with one event', () => {
    const gone = nextRouting(pointed, { state: 'elsewhere', isReached: false, now });
    expect(gone).toEqual({
      next: { routing: 'elsewhere', routingSince: now, pointedAt: null },
      events: [{ axis: 'routing', type: 'elsewhere', detail: { from: 'pointed' } }],
    });
    expect(nextRouting(gone.next, { state: 'elsewhere', isReached: false, now }).events).toEqual(
      [],
    );
  });

  it.each(ROUTING_STATES)('sets pointedAt only for pointed: %s', (state) => {
    const nowhere: Routing = { routing: 'unknown', routingSince: since, pointedAt: null };
    const { next } = nextRouting(nowhere, { state, isReached: false, now });
    expect(next.pointedAt).toEqual(state === 'pointed' ? now : null);
  });

  it('counts a successful probe only behind a proxy', () => {
    const reached = { isReached: true, now };
    expect(nextRouting(pointed, { ...reached, state: 'proxied' }).next.pointedAt).toEqual(now);
    expect(nextRouting(pointed, { ...reached, state: 'mixed' }).next.pointedAt).toBeNull();
  });

  it('keeps routingSince while the state stays the same', () => {
    const { next } = nextRouting(pointed, { state: 'pointed', isReached: true, now });
    expect(next).toEqual({ routing: 'pointed', routingSince: since, pointedAt: now });
  });
});
