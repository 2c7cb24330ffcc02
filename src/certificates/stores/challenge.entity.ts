import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChallengeType } from '../../acme/authorize-order.js';
import type { Hostname } from '../../shared/hostname.js';

/** A challenge in progress, which a CA may ask for at a name. */
@Entity('acme_challenges')
export class ChallengeEntity {
  /** Of one without a token its URL: nobody asks for that. */
  @PrimaryColumn('text')
  token!: string;

  @Column('text')
  hostname!: Hostname;

  @Column('text')
  type!: ChallengeType;

  @Column('text', { name: 'key_authorization' })
  keyAuthorization!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
