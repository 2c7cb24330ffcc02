import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Statement, Statements } from '../../database/statements.js';
import { PERSIST_TYPE } from '../../acme/acme-objects.js';
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

/**
 * From the label of a claim to the challenges of its name: what is found by the label of another claim to the name, or of
 * an ended one, is nothing. The value is that of RFC 8555 section 8.4.
 */
const FIND_DNS: Statement = {
  name: 'acme_challenges_find_dns',
  text: `
    select translate(encode(sha256(convert_to(c.key_authorization, 'UTF8')), 'base64'), '+/=', '-_')
      as value
    from domains d join acme_challenges c on c.hostname = d.hostname
    where d.target_label = $1 and d.ownership in ('verified', 'lapsed') and d.removed_at is null
      and c.type = 'dns-01' and c.expires_at > now()
    order by c.expires_at desc limit 8`,
};

/** The issuance notes what was answered, so that the next attempt can answer another. */
const PUBLISH: Statement = {
  name: 'acme_challenges_publish',
  text: `
    with answered as (
      update issuances set challenge_type = $3 where hostname = $2
    )
    insert into acme_challenges (token, hostname, type, key_authorization, expires_at)
    values ($1, $2, $3, $4, now() + interval '1 hour')
    on conflict (token) do update set hostname = excluded.hostname, type = excluded.type,
      key_authorization = excluded.key_authorization, expires_at = excluded.expires_at`,
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

  /**
   * The values of all TXT records at `<label>.acme.REGION.BASE`, newest first, at most eight. Of the primary: a CA asks at
   * once, and a standby may not have them yet.
   * @param label a claim's target label, in lower case
   */
  async findDnsValues(label: string): Promise<string[]> {
    const rows = await this.statements.run<{ value: string }>(FIND_DNS, [label]);
    return rows.map(({ value }) => value);
  }

  /** Of the challenge in progress at the name; null: there is none. */
  async findType(hostname: Hostname): Promise<ChallengeType | null> {
    const [row] = await this.statements.run<{ type: ChallengeType }>(FIND_TYPE, [hostname]);
    return row?.type ?? null;
  }

  /** For an hour: a CA that has not validated by then makes a new challenge. Replaces one with the same token. */
  async publish(hostname: Hostname, challenge: PublishedChallenge): Promise<void> {
    const { token, type, keyAuthorization } = challenge;
    await this.statements.run(PUBLISH, [token, hostname, type, keyAuthorization]);
  }

  /** A challenge without a token, for which nothing is published: whoever continues the order uses this one. */
  async note(hostname: Hostname, url: string): Promise<void> {
    await this.statements.run(PUBLISH, [url, hostname, PERSIST_TYPE, '']);
  }

  async remove(hostname: Hostname): Promise<void> {
    await this.dataSource.manager.delete(ChallengeEntity, { hostname });
  }
}
