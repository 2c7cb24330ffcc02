import { randomBytes, randomInt } from 'node:crypto';

/** What a claim's records are made of. Each claim has its own; an old claim's prove nothing for a new one. */
export interface ClaimLabels {
  /** 16 base36 characters: the CNAME's target in this region. */
  readonly targetLabel: string;
  readonly challengeLabel: string;
  /** 128 bits in hex: the TXT record's value. */
  readonly challengeValue: string;
}

export type ChallengeLabels = Pick<ClaimLabels, 'challengeLabel' | 'challengeValue'>;

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
