import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Hostname } from '../shared/hostname.js';

/** A name whose serving may have changed. A trigger notifies every process of each row: see ChangeFeed. */
@Entity('domain_changes')
export class DomainChangeEntity {
  /** A bigint: pg returns text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('text')
  hostname!: Hostname;

  @CreateDateColumn({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;

  /** When the certificates room compares the name's domain and issuance; null: done. */
  @Column('timestamptz', { name: 'review_at', nullable: true, default: () => 'clock_timestamp()' })
  reviewAt!: Date | null;
}
