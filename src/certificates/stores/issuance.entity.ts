import type { DomainId } from '../../domains/domain.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { LeasedEntity } from '../../database/leased.entity.js';
import type { ChallengeType } from '../../acme/authorize-order.js';
import type { Hostname } from '../../shared/hostname.js';
import type { CertificateState } from '../certificate-state.js';
import type { CertificateSource, HeldBy, StoredProblem } from '../issuance.js';

/** The issuance job of one name, and its order in progress. Instants are written by the database's clock. */
@Entity('issuances')
export class IssuanceEntity extends LeasedEntity {
  @PrimaryColumn('text')
  hostname!: Hostname;

  /** Null: a host of the region itself. */
  @Column('uuid', { name: 'domain_id', nullable: true })
  domainId!: DomainId | null;

  @Column('text', { name: 'registrable_domain' })
  registrableDomain!: string;

  @Column('text', { default: 'none' })
  state!: CertificateState;

  @Column('text', { default: 'acme' })
  source!: CertificateSource;

  /** The issuer of the order in progress. */
  @Column('text', { nullable: true })
  ca!: string | null;

  @Column('text', { name: 'order_url', nullable: true })
  orderUrl!: string | null;

  /** The key of the order in progress. */
  @Column('bytea', { name: 'sealed_key', nullable: true })
  sealedKey!: Buffer | null;

  @Column('smallint', { name: 'key_version', nullable: true })
  keyVersion!: number | null;

  @Column('integer', { name: 'order_failures', default: 0 })
  orderFailures!: number;

  @Column('integer', { default: 0 })
  attempts!: number;

  /** When the row is due; null: never. */
  @Column('timestamptz', { name: 'next_at', nullable: true })
  nextAt!: Date | null;

  @Column('text', { name: 'held_by', default: 'none' })
  heldBy!: HeldBy;

  @Column('jsonb', { nullable: true })
  problem!: StoredProblem | null;

  /** Of the last challenge that was answered; null: none was. */
  @Column('text', { name: 'challenge_type', nullable: true })
  challengeType!: ChallengeType | null;

  /** The end of the current certificate; null: there is none. */
  @Column('timestamptz', { name: 'not_after', nullable: true })
  notAfter!: Date | null;

  /** From then on a renewal is taken before first issuances. */
  @Column('timestamptz', { name: 'urgent_at', nullable: true })
  urgentAt!: Date | null;

  /** Taken before the renewals that are not: a first issuance, or a renewal since `urgentAt`. */
  @Column('boolean', { name: 'is_urgent', default: true })
  isUrgent!: boolean;

  @Column('timestamptz', { name: 'renew_at', nullable: true })
  renewAt!: Date | null;

  @Column('timestamptz', { name: 'ari_start', nullable: true })
  ariStart!: Date | null;

  @Column('timestamptz', { name: 'ari_end', nullable: true })
  ariEnd!: Date | null;

  @Column('text', { name: 'ari_explanation', nullable: true })
  ariExplanation!: string | null;

  @Column('timestamptz', { name: 'ari_poll_at', nullable: true })
  ariPollAt!: Date | null;

  /** Not on lease renewals, so not an UpdateDateColumn. */
  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
