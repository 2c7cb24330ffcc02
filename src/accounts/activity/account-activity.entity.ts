import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Network } from '../../shared/network.js';
import type { AccountId } from '../account.js';
import type { TokenId } from '../tokens/token-record.js';
import type { ActivityAction, Actor } from './activity.js';

/** Rows are added in the transaction of the change that they report, and never changed. */
@Entity('account_activity')
export class AccountActivityEntity {
  /** A bigint: pg returns text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: AccountId;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;

  @Column('text')
  actor!: Actor['kind'];

  @Column('text', { name: 'actor_name', nullable: true })
  actorName!: string | null;

  @Column('uuid', { name: 'token_id', nullable: true })
  tokenId!: TokenId | null;

  @Column('text')
  action!: ActivityAction;

  @Column('jsonb')
  subject!: Record<string, unknown>;

  @Column('text', { nullable: true })
  network!: Network | null;
}
