import type { z } from 'zod';
import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';
import type { Delegation } from './delegation.js';
import type { ObservedFacts } from './domain-facts.js';
import type { SetupRecord } from './domain-setup.js';
import type { DomainLook } from './domain-look.js';
import type { DomainPolicy } from './domain-policy.js';
import type { Ownership } from './ownership.js';
import type { Routing } from './routing.js';

export type DomainId = string & z.$brand<'DomainId'>;

/** The random parts of a claim's records. Each claim has its own, so records of an earlier claim do not prove it. */
export interface ClaimLabels {
  /** 16 base36 characters: the first label of the CNAME target. */
  readonly targetLabel: string;
  readonly challengeLabel: string;
  /** 128 bits in hex: the value of the TXT record. */
  readonly challengeValue: string;
}

export type ChallengeLabels = Pick<ClaimLabels, 'challengeLabel' | 'challengeValue'>;

/** The claim of one account to a name, and the state of that name. All instants are of the clock of the database. */
export interface Domain extends ClaimLabels, Ownership, Routing, Delegation, SetupRecord {
  readonly id: DomainId;
  /** The id that the API shows. */
  readonly extid: string;
  readonly accountId: AccountId;
  readonly hostname: Hostname;
  readonly displayName: string;
  readonly registrableDomain: string;
  readonly isApex: boolean;
  /** The account's claim to the other name of the pair, to which this one redirects; null for a name of its own. */
  readonly mainId: DomainId | null;
  /** Another account released or lost the name in the last 30 days, or its claim has lapsed: TXT alone is no proof. */
  readonly needsCnameProof: boolean;
  /** Another region gave the name: until then it needs no proof of its own. */
  readonly vouchedUntil: Date | null;
  /** The last observation; null before the first one and after a rotation of the challenge. */
  readonly facts: ObservedFacts | null;
  readonly checkedAt: Date | null;
  /** Null: the claim has ended and is not checked any more. */
  readonly nextCheckAt: Date | null;
  readonly checkAttempts: number;
  readonly homepageEnabled: boolean;
  readonly apiEnabled: boolean;
  readonly policy: DomainPolicy;
  readonly look: DomainLook;
  /** When the plan of the account stopped to include custom domains; null while it does. */
  readonly planLapsedAt: Date | null;
  /** When the operator blocked the name; null while it is not. */
  readonly blockedAt: Date | null;
  /** In the operator's words; its owner reads it. */
  readonly blockReason: string | null;
  /** Grows with each change of the claim. */
  readonly generation: number;
  readonly removedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
