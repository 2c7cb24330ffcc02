import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import type { CertificateSource } from '../issuance.js';

/** One version of a name's certificate. At most one is current: `certificates_hostname_current_key`. */
@Entity('certificates')
export class CertificateEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  hostname!: Hostname;

  /** From 1, without gaps as long as no old version is deleted. */
  @Column('integer')
  version!: number;

  @Column('text')
  source!: CertificateSource;

  @Column('text', { nullable: true })
  ca!: string | null;

  @Column('text', { nullable: true })
  profile!: string | null;

  @Column('text', { name: 'chain_pem' })
  chainPem!: string;

  /** Null: destroyed. */
  @Column('bytea', { name: 'sealed_private_key', nullable: true })
  sealedPrivateKey!: Buffer | null;

  @Column('smallint', { name: 'key_version' })
  keyVersion!: number;

  /** Lower-case hex. */
  @Column('text')
  serial!: string;

  @Column('timestamptz', { name: 'not_before' })
  notBefore!: Date;

  @Column('timestamptz', { name: 'not_after' })
  notAfter!: Date;

  @CreateDateColumn({ type: 'timestamptz', name: 'promoted_at' })
  promotedAt!: Date;

  /** Null: current. */
  @Column('timestamptz', { name: 'superseded_at', nullable: true })
  supersededAt!: Date | null;

  @Column('timestamptz', { name: 'destroyed_at', nullable: true })
  destroyedAt!: Date | null;

  /** When to ask the CA to revoke it next; null: not wanted, or done. */
  @Column('timestamptz', { name: 'revoke_at', nullable: true })
  revokeAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
