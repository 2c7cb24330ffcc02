import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Network } from '../shared/network.js';

@Entity('admin_audit')
export class AdminAuditEntity {
  /** A bigint: pg returns text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id!: string;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  @Column('text', { name: 'key_id' })
  keyId!: string;

  @Column('text', { name: 'key_name' })
  keyName!: string;

  @Column('text')
  operation!: string;

  @Column('text', { nullable: true })
  target!: string | null;

  @Column('text')
  network!: Network;

  @Column('text', { name: 'request_id' })
  requestId!: string;

  /** The HTTP status. Null: it has not ended, or its process was killed. */
  @Column('smallint', { nullable: true })
  status!: number | null;
}
