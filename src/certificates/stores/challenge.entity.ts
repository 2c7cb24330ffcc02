import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AnsweredType } from '../../acme/authorize-order.js';
import type { Hostname } from '../../shared/hostname.js';

/** A challenge that a CA may ask for at a name. */
@Entity('acme_challenges')
export class ChallengeEntity {
  @PrimaryColumn('text')
  token!: string;

  @Column('text')
  hostname!: Hostname;

  @Column('text')
  type!: AnsweredType;

  @Column('text', { name: 'key_authorization' })
  keyAuthorization!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
