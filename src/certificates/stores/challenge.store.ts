import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Statement, Statements } from '../../database/statements.js';
import type { ChallengeType, PublishedChallenge } from '../../acme/authorize-order.js';
import type { Hostname } from '../../shared/hostname.js';
import { ChallengeEntity } from './challenge.entity.js';

// Statements, since both run for unauthenticated clients: one per challenge request, one per `acme-tls/1` handshake.
const FIND: Statement = {
  name: 'acme_challenges_find',
  text: `
    select key_authorization as "keyAuthorization" from acme_challenges
    where token = $1 and type = 'http-01' and expires_at > now()`,
};

const FIND_ALPN: Statement = {
  name: 'acme_challenges_find_alpn',
  text: `
    select key_authorization as "keyAuthorization" from acme_challenges
    where hostname = $1 and type = 'tls-alpn-01' and expires_at > now()
    order by expires_at desc limit 1`,
};

const FIND_TYPE: Statement = {
  name: 'acme_challenges_find_type',
  text: `
    select type from acme_challenges where hostname = $1 and expires_at > now()
    order by expires_at desc limit 1`,
};

/** Key authorizations of the challenges in progress. Every replica can answer them. */
@Injectable()
export class ChallengeStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  /** The answer at `/.well-known/acme-challenge/TOKEN`, on any host. */
  async findKeyAuthorization(token: string): Promise<string | null> {
    const [row] = await this.statements.run<{ keyAuthorization: string }>(FIND, [token]);
    return row?.keyAuthorization ?? null;
  }

  /** For a client that offers `acme-tls/1` as its only protocol. */
  async findAlpnKeyAuthorization(hostname: Hostname): Promise<string | null> {
    const [row] = await this.statements.run<{ keyAuthorization: string }>(FIND_ALPN, [hostname]);
    return row?.keyAuthorization ?? null;
  }

  /** Of the challenge in progress at the name; null: there is none. */
  async findType(hostname: Hostname): Promise<ChallengeType | null> {
    const [row] = await this.statements.run<{ type: ChallengeType }>(FIND_TYPE, [hostname]);
    return row?.type ?? null;
  }

  /** For an hour: a CA that has not validated by then makes a new challenge. Replaces one with the same token. */
  async publish(hostname: Hostname, challenge: PublishedChallenge): Promise<void> {
    const { token, type, keyAuthorization } = challenge;
    await this.dataSource.manager
      .createQueryBuilder()
      .insert()
      .into(ChallengeEntity)
      .values({
        token,
        hostname,
        type,
        keyAuthorization,
        expiresAt: () => `now() + interval '1 hour'`,
      })
      .orUpdate(['hostname', 'type', 'key_authorization', 'expires_at'], ['token'])
      .execute();
  }

  async remove(hostname: Hostname): Promise<void> {
    await this.dataSource.manager.delete(ChallengeEntity, { hostname });
  }
}
