import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';

/** One request made with an `Idempotency-Key`, and its answer. */
@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @PrimaryColumn('uuid', { name: 'account_id' })
  accountId!: AccountId;

  @PrimaryColumn('text')
  key!: string;

  /** SHA-256 of the request's target and body. */
  @Column('bytea', { name: 'request_hash' })
  requestHash!: Buffer;

  /** Null while the request is running. */
  @Column('integer', { nullable: true })
  status!: number | null;

  /** The answer's JSON text, stored as one JSON string: jsonb would sort its fields, and a repeated answer has the same bytes. */
  @Column('jsonb', { nullable: true })
  body!: string | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
