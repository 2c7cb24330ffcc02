import { DAY } from '../shared/durations.js';

/**
 * pending: not proven yet. verified: proven, and the proof is present. lapsed: proven, but the proof has been absent
 * for a week. conflict: another account has proven the name. revoked: the claim has ended; a new claim renews it.
 */
export const OWNERSHIP_STATES = ['pending', 'verified', 'lapsed', 'conflict', 'revoked'] as const;
export type OwnershipState = (typeof OWNERSHIP_STATES)[number];

/** The ownership columns of a claim. */
export interface Ownership {
  readonly ownership: OwnershipState;
  /** An unproven claim ends at this time. */
  readonly challengeExpiresAt: Date;
  readonly verifiedAt: Date | null;
  /** `transfer`: another region gave the name, and no record of its own was seen yet. */
  readonly proofMethod: 'txt' | 'cname' | 'transfer' | null;
  /** The first of the last consecutive checks that found the proof absent. */
  readonly proofMissingSince: Date | null;
  readonly proofMisses: number;
  readonly proofWarnings: number;
  readonly lapsedAt: Date | null;
  /** When a proven claim ended. For 30 days other accounts need both records as proof. */
  readonly lostAt: Date | null;
}

/** An unproven claim ends after this many days. */
export const CHALLENGE_DAYS = 30;

/** The ownership columns of a claim that is not proven. `lostAt` stays: it is about an earlier proof. */
export const UNPROVEN = {
  verifiedAt: null,
  proofMethod: null,
  proofMissingSince: null,
  proofMisses: 0,
  proofWarnings: 0,
  lapsedAt: null,
} as const satisfies Partial<Ownership>;

/** A lapsed claim serves for this many days; then it is lost. */
export const LAPSED_GRACE_DAYS = 30;
export const LAPSED_GRACE = LAPSED_GRACE_DAYS * DAY;

/** The states of a claim that holds its name. */
export const PROVEN_STATES: readonly OwnershipState[] = ['verified', 'lapsed'];

/** True if the claim holds the name. At most one claim of a name does. */
export function isProven({ ownership }: Pick<Ownership, 'ownership'>): boolean {
  return PROVEN_STATES.includes(ownership);
}
