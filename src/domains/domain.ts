import type { z } from 'zod';
import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';
import type { ObservedFacts } from './domain-facts.js';
import type { Ownership } from './ownership.js';
import type { Routing } from './routing.js';

export type DomainId = string & z.$brand<'DomainId'>;

/** What a claim's records are made of. Each claim has its own; an old claim's prove nothing for a new one. */
export interface ClaimLabels {
  /** 16 base36 characters: the CNAME's target in this region. */
  readonly targetLabel: string;
  readonly challengeLabel: string;
  /** 128 bits in hex: the TXT record's value. */
  readonly challengeValue: string;
}

export type ChallengeLabels = Pick<ClaimLabels, 'challengeLabel' | 'challengeValue'>;

/** One account's claim to a name, with what was found out about it. Every instant is the database's. */
export interface Domain extends ClaimLabels, Ownership, Routing {
  readonly id: DomainId;
  /** The id that the API shows. */
  readonly extid: string;
  readonly accountId: AccountId;
  readonly hostname: Hostname;
  readonly displayName: string;
  readonly registrableDomain: string;
  readonly isApex: boolean;
  /** Another account released or lost the name within 30 days, or is losing it: TXT alone is not enough. */
  readonly needsCnameProof: boolean;
  /** The last observation; null until the first one, and again after the challenge was rotated. */
  readonly facts: ObservedFacts | null;
  readonly checkedAt: Date | null;
  /** Null: the claim has ended, and nobody looks at it any more. */
  readonly nextCheckAt: Date | null;
  readonly checkAttempts: number;
  readonly homepageEnabled: boolean;
  readonly apiEnabled: boolean;
  /** Since when the account's plan has no custom domains; null: it has. */
  readonly planLapsedAt: Date | null;
  /** Grows with every change of the claim. */
  readonly generation: number;
  readonly removedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
