import type { Delegation, DelegationState } from '../delegation.js';
import type { DomainEvent } from '../domain-event.js';

export interface DelegationObservation {
  readonly state: DelegationState;
  readonly now: Date;
}

export interface DelegationOutcome {
  readonly next: Delegation;
  readonly events: readonly DomainEvent[];
}

/** The delegation of a claim after an observation. Failed look-ups (`unknown`) change nothing. Pure. */
export function nextDelegation(
  { delegation, delegationSince, delegatedAt }: Delegation,
  { state, now }: DelegationObservation,
): DelegationOutcome {
  if (state === 'unknown')
    return { next: { delegation, delegationSince, delegatedAt }, events: [] };
  const isReady = state === 'ready';
  const next = {
    delegation: state,
    delegationSince: state === delegation ? delegationSince : now,
    delegatedAt: isReady ? now : null,
  };
  if (isReady === (delegation === 'ready')) return { next, events: [] };
  const event = isReady
    ? { type: 'delegation_ready', detail: {} }
    : { type: 'delegation_gone', detail: { to: state } };
  return { next, events: [{ axis: 'certificate', ...event }] };
}
