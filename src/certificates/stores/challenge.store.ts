import { Injectable } from '@nestjs/common';
import { type Statement, Statements } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';
import type { PublishedChallenge } from '../../acme/authorize-order.js';

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

const PUBLISH: Statement = {
  name: 'acme_challenges_publish',
  text: `
    insert into acme_challenges (token, hostname, type, key_authorization, expires_at)
    values ($1, $2, $3, $4, now() + make_interval(secs => $5))
    on conflict (token) do update set
      hostname = excluded.hostname, type = excluded.type,
      key_authorization = excluded.key_authorization, expires_at = excluded.expires_at`,
};

const REMOVE: Statement = {
  name: 'acme_challenges_remove',
  text: 'delete from acme_challenges where hostname = $1',
};

const PRUNE: Statement = {
  name: 'acme_challenges_prune',
  text: 'delete from acme_challenges where expires_at <= now()',
};

/** A CA that has not looked after an hour makes a new challenge. */
const LIFETIME_SECONDS = 3600;

/** What the CA wants to find at a name, where every replica can find it. */
@Injectable()
export class ChallengeStore {
  constructor(private readonly statements: Statements) {}

  /** The answer at `/.well-known/acme-challenge/TOKEN`, on any host. */
  async findKeyAuthorization(token: string): Promise<string | null> {
    const [row] = await this.statements.run<{ keyAuthorization: string }>(FIND, [token]);
    return row?.keyAuthorization ?? null;
  }

  /** For a client that offers nothing but `acme-tls/1`. */
  async findAlpnKeyAuthorization(hostname: Hostname): Promise<string | null> {
    const [row] = await this.statements.run<{ keyAuthorization: string }>(FIND_ALPN, [hostname]);
    return row?.keyAuthorization ?? null;
  }

  async publish(hostname: Hostname, challenge: PublishedChallenge): Promise<void> {
    const { token, type, keyAuthorization } = challenge;
    await this.statements.run(PUBLISH, [token, hostname, type, keyAuthorization, LIFETIME_SECONDS]);
  }

  async remove(hostname: Hostname): Promise<void> {
    await this.statements.run(REMOVE, [hostname]);
  }

  async prune(): Promise<void> {
    await this.statements.run(PRUNE, []);
  }
}
