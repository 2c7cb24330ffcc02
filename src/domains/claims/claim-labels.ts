import { randomBytes, randomInt } from 'node:crypto';
import type { ChallengeLabels, ClaimLabels } from '../domain.js';

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

export function newChallenge(): ChallengeLabels {
  return { challengeLabel: base36(7), challengeValue: randomBytes(16).toString('hex') };
}

export function newClaimLabels(): ClaimLabels {
  return { targetLabel: base36(16), ...newChallenge() };
}

/** The id that the API shows: `cd` and 18 base36 characters. */
export function newDomainExtid(): string {
  return `cd${base36(18)}`;
}

function base36(length: number): string {
  return Array.from({ length }, () => BASE36.charAt(randomInt(BASE36.length))).join('');
}
