import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type LedgerEntryKind = 'order' | 'certificate' | 'failed_authorization';

/** One event that a CA's rate limit counts. */
@Entity('ca_ledger')
export class CaLedgerEntryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  ca!: string;

  @Column('text')
  kind!: LedgerEntryKind;

  @Column('text')
  hostname!: string;

  @Column('text', { name: 'registrable_domain' })
  registrableDomain!: string;

  @Column('boolean', { name: 'is_renewal' })
  isRenewal!: boolean;

  /** Unique among certificates of a CA: `ca_ledger_order_certificate_key`. */
  @Column('text', { name: 'order_url', nullable: true })
  orderUrl!: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;
}
