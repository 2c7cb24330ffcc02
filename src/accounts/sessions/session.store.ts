import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Statements, type Statement } from '../../database/statements.js';
import type { Network } from '../../shared/network.js';
import type { Account, AccountId } from '../account.js';
import type { Actor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import {
  FRESH_MINUTES,
  SESSION_DAYS,
  SESSION_IDLE_HOURS,
  type SecondFactor,
  type SessionId,
  type SessionRecord,
  type SignInMethod,
} from './session.js';

/** An account has at most so many: a further sign-in ends the one that was not used for longest. */
const SESSIONS_MAX = 50;

const IS_LIVE = `s.expires_at > now() and s.last_seen_at > now() - interval '${SESSION_IDLE_HOURS} hours'`;

interface FoundRow extends Omit<Account, 'id'> {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly agent: string | null;
  readonly isFresh: boolean;
  readonly isNoteDue: boolean;
}

export interface FoundSession {
  readonly account: Account;
  readonly id: SessionId;
  readonly agent: string | null;
  readonly isFresh: boolean;
  readonly isNoteDue: boolean;
}

const FIND: Statement = {
  name: 'session-account',
  text: `
    select a.id as "accountId", a.email, a.plan, a.state, s.id as "sessionId", s.agent,
      s.signed_in_at > now() - interval '${FRESH_MINUTES} minutes' as "isFresh",
      s.last_seen_at < now() - interval '5 minutes' as "isNoteDue"
    from sessions s join accounts a on a.id = s.account_id
    where s.value_hash = $1 and a.state = 'active' and ${IS_LIVE}`,
};

const LIVE_AMONG: Statement = {
  name: 'sessions-live-among',
  text: `
    select s.id from sessions s join accounts a on a.id = s.account_id
    where s.id = any($1::uuid[]) and a.state = 'active' and ${IS_LIVE}`,
};

const RECORD = `
  s.id, s.method, s.second_factor as "secondFactor", s.agent, s.network, s.signed_in_at as "signedInAt",
  (s.last_seen_at at time zone 'utc')::date::text as "lastUsedOn", s.last_seen_from as "lastUsedFrom",
  s.expires_at as "expiresAt"`;

const LIST = `
  select ${RECORD} from sessions s where s.account_id = $1 and ${IS_LIVE}
  order by s.signed_in_at desc, s.id`;

const NOTE_USES = `
  update sessions set last_seen_at = now(), last_seen_from = used.network
  from unnest($1::uuid[], $2::text[]) as used (id, network) where sessions.id = used.id`;

const INSERT = `
  insert into sessions (value_hash, account_id, method, second_factor, agent, network, last_seen_from, expires_at)
  values ($1, $2, $3, $4, $5, $6, $6, now() + interval '${SESSION_DAYS} days') returning id`;

const DROP_OLDEST = `
  delete from sessions where account_id = $1 and id not in (
    select id from sessions where account_id = $1 order by last_seen_at desc, id limit ${SESSIONS_MAX}
  )`;

export interface SessionToOpen {
  readonly valueHash: Buffer;
  readonly method: SignInMethod;
  readonly secondFactor: SecondFactor | null;
  readonly agent: string | null;
  readonly network: Network;
  /** The browser's session until now, which ends. */
  readonly replaces: SessionId | null;
}

/** The sessions of accounts. Each change is one transaction with its line of activity. */
@Injectable()
export class SessionStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  /** One prepared statement: every request with a cookie runs it. */
  async find(valueHash: Buffer): Promise<FoundSession | null> {
    const [row] = await this.statements.run<FoundRow>(FIND, [valueHash]);
    if (row === undefined) return null;
    const { accountId, email, plan, state, sessionId, agent, isFresh, isNoteDue } = row;
    return {
      account: { id: accountId, email, plan, state },
      id: sessionId,
      agent,
      isFresh,
      isNoteDue,
    };
  }

  /** Those of the sessions that have not ended. */
  liveAmong(ids: readonly SessionId[]): Promise<{ readonly id: SessionId }[]> {
    return this.statements.run<{ id: SessionId }>(LIVE_AMONG, [[...ids]]);
  }

  /** The newest sign-in first. */
  list(accountId: AccountId): Promise<SessionRecord[]> {
    return this.dataSource.query<SessionRecord[]>(LIST, [accountId]);
  }

  /** Null when there is no such session. */
  revoke(accountId: AccountId, id: SessionId, actor: Actor): Promise<SessionRecord | null> {
    return this.dataSource.transaction(async (manager) => {
      const [[session]] = await manager.query<[SessionRecord[], number]>(
        `delete from sessions s where s.account_id = $1 and s.id = $2 and ${IS_LIVE} returning ${RECORD}`,
        [accountId, id],
      );
      if (session === undefined) return null;
      const { agent, network } = session;
      const subject = { agent, network };
      await writeActivity(manager, accountId, actor, { action: 'session.revoked', subject });
      return session;
    });
  }

  /** Ends all sessions but `kept`. Returns how many of them lived. */
  revokeOthers(accountId: AccountId, kept: SessionId | null, actor: Actor): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const count = await endSessions(manager, accountId, kept);
      const subject = { count };
      if (count > 0)
        await writeActivity(manager, accountId, actor, { action: 'session.revoked', subject });
      return count;
    });
  }

  async end(id: SessionId): Promise<void> {
    await this.dataSource.query('delete from sessions where id = $1', [id]);
  }

  /** Notes the last use. `uses`: the network by the id of the session. */
  async noteUses(uses: ReadonlyMap<SessionId, Network>): Promise<void> {
    await this.dataSource.query(NOTE_USES, [[...uses.keys()], [...uses.values()]]);
  }
}

/** The caller has locked the account and found it active. */
export async function openSession(
  manager: EntityManager,
  accountId: AccountId,
  session: SessionToOpen,
): Promise<SessionId> {
  const { valueHash, method, secondFactor, agent, network, replaces } = session;
  if (replaces !== null) await manager.query('delete from sessions where id = $1', [replaces]);
  const values = [valueHash, accountId, method, secondFactor, agent, network];
  const [opened] = await manager.query<[{ id: SessionId }]>(INSERT, values);
  await manager.query(DROP_OLDEST, [accountId]);
  const actor: Actor = { kind: 'browser', name: agent, tokenId: null, network };
  const subject = { method, second_factor: secondFactor };
  await writeActivity(manager, accountId, actor, { action: 'session.opened', subject });
  return opened.id;
}

/** Gives a session a new value, when it may more than before. False: it has ended. */
export async function renewSession(
  manager: EntityManager,
  id: SessionId,
  valueHash: Buffer,
): Promise<boolean> {
  const [, affected] = await manager.query<[unknown[], number]>(
    `update sessions s set value_hash = $2 where s.id = $1 and ${IS_LIVE}`,
    [id, valueHash],
  );
  return affected === 1;
}

/** Ends the sessions of an account, and the sign-ins that wait for a second factor. Returns how many sessions lived. */
export async function endSessions(
  manager: EntityManager,
  accountId: AccountId,
  kept: SessionId | null,
): Promise<number> {
  await manager.query('delete from pending_sign_ins where account_id = $1', [accountId]);
  const [ended] = await manager.query<[{ isLive: boolean }[], number]>(
    `delete from sessions s where s.account_id = $1 and ($2::uuid is null or s.id <> $2)
     returning ${IS_LIVE} as "isLive"`,
    [accountId, kept],
  );
  return ended.filter(({ isLive }) => isLive).length;
}
