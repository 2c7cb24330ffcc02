import { randomBytes } from 'node:crypto';
import { randomBase36 } from '../../shared/base36.js';
import type { ChallengeLabels, ClaimLabels } from '../domain.js';

export function newChallenge(): ChallengeLabels {
  return { challengeLabel: randomBase36(7), challengeValue: randomBytes(16).toString('hex') };
}

export function newClaimLabels(): ClaimLabels {
  return { targetLabel: randomBase36(16), ...newChallenge() };
}

/** The id that the API shows: `cd` and 18 base36 characters. */
export function newDomainExtid(): string {
  return `cd${randomBase36(18)}`;
}
