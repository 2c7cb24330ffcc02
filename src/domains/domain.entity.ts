import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { LeasedEntity } from '../database/leased.entity.js';
import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';
import type { Domain, DomainId } from './domain.js';
import type { DelegationState } from './delegation.js';
import type { ObservedFacts } from './domain-facts.js';
import type { DomainSetup, SetupOutcome } from './domain-setup.js';
import { wholeLook, type DomainLook } from './domain-look.js';
import { policyToStore, wholePolicy, type DomainPolicy } from './domain-policy.js';
import type { OwnershipState } from './ownership.js';
import type { RoutingState } from './routing.js';

const POLICY = {
  from: wholePolicy,
  to: (policy?: DomainPolicy) => policy && policyToStore(policy),
};

const LOOK = { from: wholeLook, to: (look?: DomainLook) => look };

/** See Domain. Instants come from the clock of the database, most of them from column defaults. */
@Entity('domains')
export class DomainEntity extends LeasedEntity implements Domain {
  @PrimaryGeneratedColumn('uuid')
  id!: DomainId;

  @Column('text')
  extid!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: AccountId;

  @Column('text')
  hostname!: Hostname;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text', { name: 'registrable_domain' })
  registrableDomain!: string;

  @Column('boolean', { name: 'is_apex' })
  isApex!: boolean;

  @Column('uuid', { name: 'main_id', nullable: true })
  mainId!: DomainId | null;

  @Column('text', { name: 'target_label' })
  targetLabel!: string;

  @Column('text', { name: 'challenge_label' })
  challengeLabel!: string;

  @Column('text', { name: 'challenge_value' })
  challengeValue!: string;

  @Column('timestamptz', { name: 'challenge_expires_at', default: () => 'now()' })
  challengeExpiresAt!: Date;

  /** `domains_hostname_proven_key`: at most one row of a hostname is verified or lapsed. */
  @Column('text', { default: 'pending' })
  ownership!: OwnershipState;

  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  @Column('text', { name: 'proof_method', nullable: true })
  proofMethod!: 'txt' | 'cname' | 'transfer' | null;

  @Column('timestamptz', { name: 'proof_missing_since', nullable: true })
  proofMissingSince!: Date | null;

  @Column('integer', { name: 'proof_misses', default: 0 })
  proofMisses!: number;

  @Column('integer', { name: 'proof_warnings', default: 0 })
  proofWarnings!: number;

  @Column('timestamptz', { name: 'lapsed_at', nullable: true })
  lapsedAt!: Date | null;

  @Column('timestamptz', { name: 'lost_at', nullable: true })
  lostAt!: Date | null;

  @Column('boolean', { name: 'needs_cname_proof', default: false })
  needsCnameProof!: boolean;

  @Column('timestamptz', { name: 'vouched_until', nullable: true })
  vouchedUntil!: Date | null;

  @Column('text', { default: 'unknown' })
  routing!: RoutingState;

  @Column('timestamptz', { name: 'routing_since', default: () => 'now()' })
  routingSince!: Date;

  @Column('timestamptz', { name: 'pointed_at', nullable: true })
  pointedAt!: Date | null;

  /** Of the CNAME record at `_acme-challenge`. */
  @Column('text', { default: 'unknown' })
  delegation!: DelegationState;

  @Column('timestamptz', { name: 'delegation_since', default: () => 'now()' })
  delegationSince!: Date;

  @Column('timestamptz', { name: 'delegated_at', nullable: true })
  delegatedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  facts!: ObservedFacts | null;

  @Column('jsonb', { nullable: true })
  setup!: DomainSetup | null;

  @Column('timestamptz', { name: 'setup_checked_at', nullable: true })
  setupCheckedAt!: Date | null;

  @Column('text', { name: 'setup_outcome', nullable: true })
  setupOutcome!: SetupOutcome | null;

  @Column('timestamptz', { name: 'setup_returned_at', nullable: true })
  setupReturnedAt!: Date | null;

  @Column('timestamptz', { name: 'checked_at', nullable: true })
  checkedAt!: Date | null;

  @Column('timestamptz', { name: 'next_check_at', nullable: true, default: () => 'now()' })
  nextCheckAt!: Date | null;

  @Column('integer', { name: 'check_attempts', default: 0 })
  checkAttempts!: number;

  @Column('boolean', { name: 'homepage_enabled', default: false })
  homepageEnabled!: boolean;

  @Column('boolean', { name: 'api_enabled', default: false })
  apiEnabled!: boolean;

  @Column('jsonb', { default: {}, transformer: POLICY })
  policy!: DomainPolicy;

  @Column('jsonb', { default: {}, transformer: LOOK })
  look!: DomainLook;

  @Column('timestamptz', { name: 'plan_lapsed_at', nullable: true })
  planLapsedAt!: Date | null;

  @Column('timestamptz', { name: 'blocked_at', nullable: true })
  blockedAt!: Date | null;

  @Column('text', { name: 'block_reason', nullable: true })
  blockReason!: string | null;

  @Column('integer', { default: 1 })
  generation!: number;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  /** Set by each update, from the clock of the database. */
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
