import type { DomainEvent } from '../domain-event.js';
import type { Routing, RoutingState } from '../routing.js';

export interface RoutingObservation {
  readonly state: RoutingState;
  /** The probe reached one of this region's gateways. */
  readonly isReached: boolean;
  readonly now: Date;
}

export interface RoutingOutcome {
  readonly next: Routing;
  readonly events: readonly DomainEvent[];
}

/** The routing of a claim after an observation. Failed lookups (`unknown`) change nothing. Pure. */
export function nextRouting(current: Routing, seen: RoutingObservation): RoutingOutcome {
  if (seen.state === 'unknown') return { next: routingOf(current), events: [] };
  const pointedAt = leadsHere(seen) ? seen.now : null;
  if (seen.state === current.routing)
    return { next: { ...routingOf(current), pointedAt }, events: [] };
  return {
    next: { routing: seen.state, routingSince: seen.now, pointedAt },
    events: [{ axis: 'routing', type: seen.state, detail: { from: current.routing } }],
  };
}

/** Behind a proxy the addresses are those of the proxy, and only the probe shows where requests go. */
function leadsHere({ state, isReached }: RoutingObservation): boolean {
  return state === 'pointed' || (state === 'proxied' && isReached);
}

/** Drops the other columns of a row. */
function routingOf({ routing, routingSince, pointedAt }: Routing): Routing {
  return { routing, routingSince, pointedAt };
}
