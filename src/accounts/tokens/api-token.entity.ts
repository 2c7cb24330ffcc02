import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Network } from '../../shared/network.js';
import type { AccountId } from '../account.js';
import type { TokenId } from './token-record.js';
import type { TokenScope } from './token-scope.js';

/** One value of an API token: its current one, or one that a rotation has replaced. */
@Entity('api_tokens')
export class ApiTokenEntity {
  /** Of a current value: the id of the token, which rotations keep. */
  @PrimaryGeneratedColumn('uuid')
  id!: TokenId;

  @Column('uuid', { name: 'account_id' })
  accountId!: AccountId;

  /** SHA-256 of the value. The value itself is not stored. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  /** Unique in its account, in any letter case. */
  @Column('text')
  name!: string;

  @Column('text', { array: true })
  scopes!: TokenScope[];

  /** Null: the current value. */
  @Column('uuid', { name: 'replaced_by', nullable: true })
  replacedBy!: TokenId | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'rotated_at', nullable: true })
  rotatedAt!: Date | null;

  /** Null: it does not expire until a rotation. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** In UTC. */
  @Column('date', { name: 'last_used_on', nullable: true })
  lastUsedOn!: string | null;

  @Column('text', { name: 'last_used_from', nullable: true })
  lastUsedFrom!: Network | null;
}
