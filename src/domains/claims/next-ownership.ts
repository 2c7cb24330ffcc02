import { DAY } from '../../shared/durations.js';
import type { DomainEvent } from '../domain-event.js';
import { standingProof, type Proof } from '../diagnosis/ownership-proof.js';
import { LAPSED_GRACE, type Ownership, type OwnershipState } from '../ownership.js';

export interface OwnershipObservation {
  readonly proof: Proof;
  readonly isApex: boolean;
  /** The state of another account's proven claim to the name. */
  readonly holder: 'none' | 'verified' | 'lapsed';
  readonly needsCnameProof: boolean;
  /** Another region, where the name was proven, has given it to this claim: until that ends it needs no proof of its own. */
  readonly isVouched: boolean;
  readonly now: Date;
}

export interface OwnershipOutcome {
  readonly next: Ownership;
  readonly events: readonly DomainEvent[];
  /** Another account's lapsed claim loses the name; the caller writes that in the same transaction. */
  readonly takesOver: boolean;
}

export const LAPSE_AFTER = 7 * DAY;
/** A proof does not lapse before this many consecutive checks have missed it, whatever their dates. */
export const MISSES_BEFORE_LAPSE = 5;
const WARN_AFTER = [1 * DAY, 3 * DAY, 5 * DAY];

/** The ownership of a claim after an observation. Pure. */
export function nextOwnership(row: Ownership, seen: OwnershipObservation): OwnershipOutcome {
  const claim = ownershipOf(row);
  return FROM[claim.ownership](claim, seen);
}

type Step = (claim: Ownership, seen: OwnershipObservation) => OwnershipOutcome;

const FROM: Readonly<Record<OwnershipState, Step>> = {
  pending: seekProof,
  conflict: seekProof,
  verified: keepProof,
  lapsed: regainProof,
  revoked: unchanged,
};

function seekProof(claim: Ownership, seen: OwnershipObservation): OwnershipOutcome {
  if (seen.now >= claim.challengeExpiresAt)
    return outcome({ ...claim, ownership: 'revoked' }, event('challenge_expired'));
  if (seen.holder !== 'verified' && suffices(seen)) {
    const proofMethod = methodOf(seen.proof);
    return {
      next: { ...claim, ...PROVEN, ownership: 'verified', verifiedAt: seen.now, proofMethod },
      events: [event('verified', { method: proofMethod })],
      takesOver: seen.holder === 'lapsed',
    };
  }
  if (seen.holder === 'none')
    return claim.ownership === 'pending'
      ? unchanged(claim)
      : outcome({ ...claim, ownership: 'pending' }, event('conflict_ended'));
  return claim.ownership === 'conflict'
    ? unchanged(claim)
    : outcome({ ...claim, ownership: 'conflict' }, event('conflict'));
}

/** In quarantine both records are needed, because records of the previous owner may still be published. */
function suffices({ proof, isApex, needsCnameProof }: OwnershipObservation): boolean {
  if (needsCnameProof && !isApex) return proof.txt === 'present' && proof.cname === 'present';
  return standingProof(proof) === 'present';
}

function keepProof(claim: Ownership, seen: OwnershipObservation): OwnershipOutcome {
  const standing = standingProof(seen.proof);
  if (standing === 'unknown') return unchanged(claim);
  if (standing === 'present') return proofIsThere(claim, seen);
  return seen.isVouched ? unchanged({ ...claim, ...PROVEN }) : missProof(claim, seen.now);
}

function proofIsThere(claim: Ownership, { proof }: OwnershipObservation): OwnershipOutcome {
  const next = { ...claim, ...PROVEN, proofMethod: methodOf(proof) };
  const wasWarned = claim.proofWarnings > 0;
  return wasWarned ? outcome(next, event('proof_returned')) : unchanged(next);
}

function missProof(claim: Ownership, now: Date): OwnershipOutcome {
  const since = claim.proofMissingSince ?? now;
  const missed = { ...claim, proofMissingSince: since, proofMisses: claim.proofMisses + 1 };
  const age = now.getTime() - since.getTime();

  // A warning always comes before the lapse, in an earlier check.
  const mayLapse = claim.proofWarnings > 0 && missed.proofMisses >= MISSES_BEFORE_LAPSE;
  if (age >= LAPSE_AFTER && mayLapse)
    return outcome(
      { ...missed, ownership: 'lapsed', lapsedAt: now },
      event('lapsed', { missing_since: since, serves_until: after(now, LAPSED_GRACE) }),
    );

  const warnings = WARN_AFTER.filter((wait) => age >= wait).length;
  if (warnings <= claim.proofWarnings) return unchanged(missed);
  return outcome(
    { ...missed, proofWarnings: warnings },
    event('proof_missing', { missing_since: since, lapses_at: after(since, LAPSE_AFTER) }),
  );
}

function regainProof(claim: Ownership, seen: OwnershipObservation): OwnershipOutcome {
  if (standingProof(seen.proof) === 'present') {
    const next = { ...claim, ...PROVEN, ownership: 'verified', lapsedAt: null } as const;
    return outcome({ ...next, proofMethod: methodOf(seen.proof) }, event('proof_returned'));
  }
  const hasEnded =
    claim.lapsedAt !== null && seen.now.getTime() - claim.lapsedAt.getTime() >= LAPSED_GRACE;
  return hasEnded ? loseName(claim, seen.now, 'proof_missing') : unchanged(claim);
}

/** Ends a proven claim that its owner did not release. */
export function loseName(
  row: Ownership,
  now: Date,
  reason: 'proof_missing' | 'proven_by_another_account' | 'move_ended',
): OwnershipOutcome {
  return outcome(
    { ...ownershipOf(row), ownership: 'revoked', lostAt: now },
    event('lost', { reason }),
  );
}

/** Drops the other columns of a row. */
function ownershipOf(row: Ownership): Ownership {
  return {
    ownership: row.ownership,
    challengeExpiresAt: row.challengeExpiresAt,
    verifiedAt: row.verifiedAt,
    proofMethod: row.proofMethod,
    proofMissingSince: row.proofMissingSince,
    proofMisses: row.proofMisses,
    proofWarnings: row.proofWarnings,
    lapsedAt: row.lapsedAt,
    lostAt: row.lostAt,
  };
}

const PROVEN = { proofMissingSince: null, proofMisses: 0, proofWarnings: 0 } as const;

function methodOf({ txt }: Proof): 'txt' | 'cname' {
  return txt === 'present' ? 'txt' : 'cname';
}

function event(type: string, detail: DomainEvent['detail'] = {}): DomainEvent {
  return { axis: 'ownership', type, detail };
}

function outcome(next: Ownership, happened: DomainEvent): OwnershipOutcome {
  return { next, events: [happened], takesOver: false };
}

function unchanged(next: Ownership): OwnershipOutcome {
  return { next, events: [], takesOver: false };
}

function after(date: Date, duration: number): Date {
  return new Date(date.getTime() + duration);
}
