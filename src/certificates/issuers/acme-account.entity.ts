import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { SealedKey } from '../key-vault.js';

/** The region's one account at a CA. The key is stored before the account is registered. */
@Entity('acme_accounts')
export class AcmeAccountEntity implements SealedKey {
  /** The CA's name in the configuration. */
  @PrimaryColumn('text')
  ca!: string;

  @Column('text', { name: 'directory_url' })
  directoryUrl!: string;

  /** Null: not registered. */
  @Column('text', { name: 'account_url', nullable: true })
  accountUrl!: string | null;

  @Column('bytea', { name: 'sealed_key' })
  sealed!: Buffer;

  @Column('smallint', { name: 'key_version' })
  keyVersion!: number;

  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** Grows with each lease on the registration. A bigint: pg gives text. */
  @Column('bigint', { default: 0 })
  fence!: string;

  @Column('timestamptz', { name: 'leased_until', nullable: true })
  leasedUntil!: Date | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
