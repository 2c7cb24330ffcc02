import { nextRouting } from './next-routing.js';
import { ROUTING_STATES, type Routing } from '../routing.js';

const since = new Date('2026-11-01T00:00:00Z');
const now = new Date('2026-11-23T12:00:00Z');
const pointed: Routing = { routing: 'pointed', routingSince: since, pointedAt: since };

describe(nextRouting, () => {
  it('changes nothing when nobody could say', () => {
    expect(nextRouting(pointed, { state: 'unknown', isReached: false, now })).toEqual({
      next: pointed,
      events: [],
    });
  });

  it('tells each change once', () => {
    const gone = nextRouting(pointed, { state: 'elsewhere', isReached: false, now });
    expect(gone).toEqual({
      next: { routing: 'elsewhere', routingSince: now, pointedAt: null },
      events: [{ axis: 'routing', type: 'elsewhere', detail: { from: 'pointed' } }],
    });
    expect(nextRouting(gone.next, { state: 'elsewhere', isReached: false, now }).events).toEqual(
      [],
    );
  });

  it.each(ROUTING_STATES)('knows whether %s leads here', (state) => {
    const nowhere: Routing = { routing: 'unknown', routingSince: since, pointedAt: null };
    const { next } = nextRouting(nowhere, { state, isReached: false, now });
    expect(next.pointedAt).toEqual(state === 'pointed' ? now : null);
  });

  it('believes the probe behind a proxy, and only there', () => {
    const reached = { isReached: true, now };
    expect(nextRouting(pointed, { ...reached, state: 'proxied' }).next.pointedAt).toEqual(now);
    expect(nextRouting(pointed, { ...reached, state: 'mixed' }).next.pointedAt).toBeNull();
  });

  it('keeps the day on which it first pointed here', () => {
    const { next } = nextRouting(pointed, { state: 'pointed', isReached: true, now });
    expect(next).toEqual({ routing: 'pointed', routingSince: since, pointedAt: now });
  });
});
