import { Column, CreateDateColumn } from 'typeorm';

/** A row that one process at a time works on. */
export abstract class LeasedEntity {
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** Grows with each lease; a write under an older one changes nothing. A bigint: pg gives text. */
  @Column('bigint', { default: 0 })
  fence!: string;

  @Column('timestamptz', { name: 'leased_until', nullable: true })
  leasedUntil!: Date | null;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
