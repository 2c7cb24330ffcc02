import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Hostname } from '../shared/hostname.js';
import type { DomainId } from './domain.js';
import type { DomainEventRecord, EventAxis } from './domain-event.js';

/** See DomainEventRecord. */
@Entity('domain_events')
export class DomainEventEntity implements DomainEventRecord {
  /** A bigint: pg returns text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** Null for a host of the region itself. */
  @Column('uuid', { name: 'domain_id', nullable: true })
  domainId!: DomainId | null;

  @Column('text')
  hostname!: Hostname;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;

  @Column('text')
  axis!: EventAxis;

  @Column('text')
  type!: string;

  @Column('jsonb')
  detail!: Record<string, unknown>;
}
