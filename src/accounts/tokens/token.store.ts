import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import type { Network } from '../../shared/network.js';
import type { AccountId } from '../account.js';
import type { Actor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import { lockAccount } from '../lock-account.js';
import { ApiTokenEntity } from './api-token.entity.js';
import type { TokenId, TokenRecord } from './token-record.js';
import { isSameName } from './token-rules.js';
import type { TokenScope } from './token-scope.js';

/** What is stored of a new token, or of a new value of one. */
export interface NewToken {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly tokenHash: Buffer;
  /** Null: it does not expire. */
  readonly expiresInSeconds: number | null;
}

export interface Rotation {
  readonly tokenHash: Buffer;
  readonly overlapSeconds: number;
  /** Undefined: the token keeps its expiry. */
  readonly expiresInSeconds: number | null | undefined;
}

export interface TokenUse {
  /** Of the value that was used. */
  readonly tokenHash: Buffer;
  readonly network: Network;
}

/** Values that a rotation has replaced and that are still valid; an older one ends with the next rotation. */
const REPLACED_MAX = 5;

const RECORD = `
  id, name, scopes, replaced_by as "replacedBy", created_at as "createdAt", rotated_at as "rotatedAt",
  expires_at as "expiresAt", coalesce(expires_at <= now(), false) as "isExpired",
  last_used_on::text as "lastUsedOn", last_used_from as "lastUsedFrom"`;

const LIST = `
  select ${RECORD} from api_tokens
  where account_id = $1 and (replaced_by is null or expires_at is null or expires_at > now())
  order by coalesce(rotated_at, created_at), id`;

const LIVE_AMONG = `
  select t.id from api_tokens t join accounts a on a.id = t.account_id
  where t.id = any($1::uuid[]) and a.state = 'active' and (t.expires_at is null or t.expires_at > now())`;

const FIND = `select ${RECORD} from api_tokens
  where account_id = $1 and id = $2 and replaced_by is null`;

const EXPIRY = (seconds: string): string => `now() + make_interval(secs => ${seconds})`;

const INSERT = `
  insert into api_tokens (account_id, name, scopes, token_hash, expires_at)
  values ($1, $2, $3, $4, ${EXPIRY('$5')}) returning ${RECORD}`;

// $1: the token, $2: the overlap. The value that is replaced now becomes a row of its own.
const KEEP_OLD_VALUE = `
  insert into api_tokens
    (account_id, name, scopes, token_hash, replaced_by, created_at, expires_at, last_used_on, last_used_from)
  values ($1, $2, $3, $4, $5, $6, least($7::timestamptz, ${EXPIRY('$8')}), $9, $10)`;

const SHORTEN = `
  update api_tokens set expires_at = least(expires_at, ${EXPIRY('$2')}) where replaced_by = $1`;

const DROP_ENDED = `
  delete from api_tokens where replaced_by = $1 and (expires_at <= now() or id not in (
    select id from api_tokens where replaced_by = $1 order by created_at desc, id limit ${REPLACED_MAX}
  ))`;

// A network that is known for the day stays: one write a day.
const NOTE_USES = `
  update api_tokens set last_used_on = (now() at time zone 'utc')::date, last_used_from = used.network
  from unnest($1::bytea[], $2::text[]) as used (token_hash, network)
  where api_tokens.token_hash = used.token_hash
    and (last_used_on is null or last_used_on < (now() at time zone 'utc')::date)`;

/** The tokens of accounts. Each change is one transaction with its line of activity. */
@Injectable()
export class TokenStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Current values and those that are still valid after a rotation, the oldest first. */
  list(accountId: AccountId): Promise<TokenRecord[]> {
    return this.dataSource.query<TokenRecord[]>(LIST, [accountId]);
  }

  /** Those of the tokens that still sign in. */
  liveAmong(ids: readonly TokenId[]): Promise<{ readonly id: TokenId }[]> {
    return this.dataSource.query<{ id: TokenId }[]>(LIVE_AMONG, [[...ids]]);
  }

  /** Runs `check` before, on the account's tokens. It throws to refuse. */
  insert(
    accountId: AccountId,
    token: NewToken,
    actor: Actor,
    check: (tokens: readonly TokenRecord[]) => void,
  ): Promise<TokenRecord> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      const tokens = await manager.query<TokenRecord[]>(LIST, [accountId]);
      // An expired token does not keep its name.
      const expired = tokens.find(
        ({ name, replacedBy, isExpired }) =>
          replacedBy === null && isExpired && isSameName(name, token.name),
      );
      if (expired !== undefined)
        await manager.getRepository(ApiTokenEntity).delete({ id: expired.id });
      check(tokens.filter((each) => each !== expired));
      return insertToken(manager, accountId, token, actor);
    });
  }

  /** Null when there is no such token. `check` throws to refuse. */
  rotate(
    accountId: AccountId,
    id: TokenId,
    rotation: Rotation,
    actor: Actor,
    check: (token: TokenRecord) => void,
  ): Promise<TokenRecord | null> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      const [token] = await manager.query<TokenRecord[]>(FIND, [accountId, id]);
      if (token === undefined) return null;
      check(token);
      await replaceValue(manager, accountId, token, rotation);
      const subject = { name: token.name, overlap: rotation.overlapSeconds };
      await writeActivity(manager, accountId, actor, { action: 'token.rotated', subject });
      const [rotated] = await manager.query<TokenRecord[]>(FIND, [accountId, id]);
      return rotated ?? null;
    });
  }

  /** Deletes a token with its older values. Null when there is no such token. */
  revoke(accountId: AccountId, id: TokenId, actor: Actor): Promise<TokenRecord | null> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      const [token] = await manager.query<TokenRecord[]>(FIND, [accountId, id]);
      if (token === undefined) return null;
      await manager.getRepository(ApiTokenEntity).delete({ id });
      const subject = { name: token.name };
      await writeActivity(manager, accountId, actor, { action: 'token.revoked', subject });
      return token;
    });
  }

  /** A token's id by its name, in any letter case; null when there is none. */
  async findByName(accountId: AccountId, name: string): Promise<TokenId | null> {
    const tokens = await this.dataSource
      .getRepository(ApiTokenEntity)
      .findBy({ accountId, replacedBy: IsNull() });
    return tokens.find((token) => isSameName(token.name, name))?.id ?? null;
  }

  /** Dates the first use of a day, of values current or replaced. */
  async noteUses(uses: readonly TokenUse[]): Promise<void> {
    const hashes = uses.map(({ tokenHash }) => tokenHash);
    const networks = uses.map(({ network }) => network);
    await this.dataSource.query(NOTE_USES, [hashes, networks]);
  }
}

export async function insertToken(
  manager: EntityManager,
  accountId: AccountId,
  { name, scopes, tokenHash, expiresInSeconds }: NewToken,
  actor: Actor,
): Promise<TokenRecord> {
  const values = [accountId, name, [...scopes], tokenHash, expiresInSeconds];
  const [token] = await manager.query<TokenRecord[]>(INSERT, values);
  if (token === undefined) throw new Error('insert returned no row');
  const subject = { name, scopes: [...scopes] };
  await writeActivity(manager, accountId, actor, { action: 'token.created', subject });
  return token;
}

async function replaceValue(
  manager: EntityManager,
  accountId: AccountId,
  token: TokenRecord,
  { tokenHash, overlapSeconds, expiresInSeconds }: Rotation,
): Promise<void> {
  const [old] = await manager.query<[{ tokenHash: Buffer }]>(
    'select token_hash as "tokenHash" from api_tokens where id = $1',
    [token.id],
  );
  await manager.query(
    `update api_tokens set token_hash = $2, rotated_at = now(), last_used_on = null, last_used_from = null,
       expires_at = case when $3 then ${EXPIRY('$4')} else expires_at end
     where id = $1`,
    [token.id, tokenHash, expiresInSeconds !== undefined, expiresInSeconds ?? null],
  );
  await manager.query(KEEP_OLD_VALUE, [
    accountId,
    token.name,
    [...token.scopes],
    old.tokenHash,
    token.id,
    token.rotatedAt ?? token.createdAt,
    token.expiresAt,
    overlapSeconds,
    token.lastUsedOn,
    token.lastUsedFrom,
  ]);
  await manager.query(SHORTEN, [token.id, overlapSeconds]);
  await manager.query(DROP_ENDED, [token.id]);
}
