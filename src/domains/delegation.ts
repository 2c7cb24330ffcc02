import { DAY } from '../shared/durations.js';
import type { Ownership } from './ownership.js';
import type { Routing } from './routing.js';

/**
 * Where the CNAME record at `_acme-challenge` of a name leads, by the last check that could tell: `none` there is no record ·
 * `ready` to the claim's own name below the region's zone for challenges · `elsewhere` · `blocked` a TXT record stands there.
 */
export const DELEGATION_STATES = ['unknown', 'none', 'ready', 'elsewhere', 'blocked'] as const;
export type DelegationState = (typeof DELEGATION_STATES)[number];

/** The delegation columns of a claim. */
export interface Delegation {
  readonly delegation: DelegationState;
  readonly delegationSince: Date;
  /** The last check that found it ready; null if the last conclusive check found otherwise. */
  readonly delegatedAt: Date | null;
}

/**
 * How long a name that leads elsewhere gets certificates by its delegation alone: from its proof, for a customer who is about
 * to switch, and from the last change of where it leads, for one who may come back. Nobody removes the record when they leave.
 */
export const DELEGATION_WINDOW_DAYS = 30;

/** When certificates by the delegation alone end; null: the name is not proven. */
export function delegationWindowEnd({
  verifiedAt,
  routingSince,
}: Pick<Ownership & Routing, 'verifiedAt' | 'routingSince'>): Date | null {
  if (verifiedAt === null) return null;
  const from = Math.max(verifiedAt.getTime(), routingSince.getTime());
  return new Date(from + DELEGATION_WINDOW_DAYS * DAY);
}

/** The same as a condition, by the clock of the database. @param row an alias of `domains` */
export function inDelegationWindow(row: string): string {
  return `greatest(${row}.verified_at, ${row}.routing_since) > now() - interval '${DELEGATION_WINDOW_DAYS} days'`;
}
