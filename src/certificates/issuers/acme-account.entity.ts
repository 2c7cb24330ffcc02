import { Column, Entity, PrimaryColumn } from 'typeorm';
import { LeasedEntity } from '../../database/leased.entity.js';
import type { SealedKey } from '../key-vault.js';

/** The region's one account at a CA. The key is stored before the account is registered. */
@Entity('acme_accounts')
export class AcmeAccountEntity extends LeasedEntity implements SealedKey {
  /** The CA's name in the configuration. */
  @PrimaryColumn('text')
  ca!: string;

  @Column('text', { name: 'directory_url' })
  directoryUrl!: string;

  /** Null: not registered. */
  @Column('text', { name: 'account_url', nullable: true })
  accountUrl!: string | null;

  /** The types of challenges that the CA offered lately; empty: not noted. */
  @Column('text', { array: true })
  offers!: string[];

  @Column('bytea', { name: 'sealed_key' })
  sealed!: Buffer;

  @Column('smallint', { name: 'key_version' })
  keyVersion!: number;
}
