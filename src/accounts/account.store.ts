import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan, type EntityManager } from 'typeorm';
import type { Language } from '../shared/language.js';
import { Statements, type Statement } from '../database/statements.js';
import { accountIdIn } from './external-id.js';
import type { Account, AccountId } from './account.js';
import { AccountEntity } from './account.entity.js';
import type { ActivityEntry, Actor } from './activity/activity.js';
import { writeActivity } from './activity/write-activity.js';
import { emailKeyOf, type EmailAddress, type EmailKey } from './email-address.js';
import type { AccountPlan } from './plans.js';
import { endSessions } from './sessions/session.store.js';
import type { TokenId } from './tokens/token-record.js';
import type { TokenScope } from './tokens/token-scope.js';
import { insertToken, type NewToken } from './tokens/token.store.js';

/** A valid value of a token. */
export interface KnownToken {
  readonly id: TokenId;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Of the value, which may be one that a rotation has replaced. */
  readonly tokenHash: Buffer;
  /** Whether this value was used today, in UTC. */
  readonly isUsedToday: boolean;
}

/** An account and the values of its tokens that are valid now. */
export interface AccountCredentials {
  readonly account: Account;
  readonly tokens: readonly KnownToken[];
}

export interface NewAccount {
  /** Undefined: a new one. */
  readonly id?: AccountId | undefined;
  readonly email: EmailAddress;
  readonly emailKey: EmailKey;
  readonly plan: AccountPlan;
  readonly language: Language | null;
}

/** One row for each value; one without a value for an account that has none. */
type CredentialRow = Omit<Account, 'id'> & { readonly accountId: AccountId } & (
    KnownToken | { readonly tokenHash: null }
  );

const credentials = (name: string, condition: string): Statement => ({
  name,
  text: `
    select a.id as "accountId", a.email, a.plan, a.state, coalesce(t.replaced_by, t.id) as id, t.name, t.scopes, t.token_hash as "tokenHash",
      coalesce(t.last_used_on = (now() at time zone 'utc')::date, false) as "isUsedToday"
    from accounts a
    left join api_tokens t on t.account_id = a.id and (t.expires_at is null or t.expires_at > now())
    where ${condition}`,
});

const CREDENTIALS_BY_EMAIL = credentials('account-credentials', 'a.email_key = $1');
const CREDENTIALS_BY_ID = credentials('account-credentials-by-id', 'a.id = $1');

/** Accounts. Each change is one transaction with its line of activity. */
@Injectable()
export class AccountStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * One prepared statement: every request with credentials runs it.
   * @param login the e-mail address in any letter case, or the account's id as externalIdOf() writes it
   */
  async findCredentials(login: string): Promise<AccountCredentials | null> {
    const id = accountIdIn(login);
    const rows = await (id === null
      ? this.statements.run<CredentialRow>(CREDENTIALS_BY_EMAIL, [emailKeyOf(login)])
      : this.statements.run<CredentialRow>(CREDENTIALS_BY_ID, [id]));
    const [first] = rows;
    if (first === undefined) return null;
    const { accountId, email, plan, state } = first;
    return {
      account: { id: accountId, email, plan, state },
      tokens: rows.filter((row) => row.tokenHash !== null),
    };
  }

  find(emailKey: EmailKey): Promise<AccountEntity | null> {
    return this.dataSource.getRepository(AccountEntity).findOneBy({ emailKey });
  }

  findById(id: AccountId): Promise<AccountEntity | null> {
    return this.dataSource.getRepository(AccountEntity).findOneBy({ id });
  }

  list(): Promise<AccountEntity[]> {
    return this.dataSource.getRepository(AccountEntity).find({ order: { emailKey: 'asc' } });
  }

  /** In the order of their addresses. @param after the last address of the page before */
  page(after: EmailKey | null, limit: number): Promise<AccountEntity[]> {
    return this.dataSource.getRepository(AccountEntity).find({
      ...(after === null ? {} : { where: { emailKey: MoreThan(after) } }),
      order: { emailKey: 'asc' },
      take: limit,
    });
  }

  /** The account and its first token. */
  insert(account: NewAccount, token: NewToken, actor: Actor): Promise<AccountEntity> {
    return this.dataSource.transaction(async (manager) => {
      const saved = await insertAccount(manager, account, actor);
      await insertToken(manager, saved.id, token, actor);
      return saved;
    });
  }

  /**
   * Does nothing when the account does not exist, is closing, or is so already.
   * @param entry reports the change
   */
  async update(
    emailKey: EmailKey,
    changes: Partial<Pick<AccountEntity, 'plan' | 'state' | 'language'>>,
    actor: Actor,
    entry: ActivityEntry,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const account = await findForUpdate(manager, emailKey);
      if (account === null || account.state === 'closing') return;
      const { plan = account.plan, state = account.state, language = account.language } = changes;
      if (plan === account.plan && state === account.state && language === account.language) return;
      const changed = { plan, state, language };
      await manager.getRepository(AccountEntity).update({ id: account.id }, changed);
      if (state !== 'active') await endSessions(manager, account.id, null);
      await writeActivity(manager, account.id, actor, entry);
    });
  }
}

/** An account that nothing signs in to yet. */
export async function insertAccount(
  manager: EntityManager,
  account: NewAccount,
  actor: Actor,
): Promise<AccountEntity> {
  const accounts = manager.getRepository(AccountEntity);
  const { id, ...columns } = account;
  // Not save(), which would change an account that has the id.
  const created = accounts.create(id === undefined ? columns : { id, ...columns });
  await accounts.insert(created);
  const saved = await accounts.findOneByOrFail({ id: created.id });
  const subject = { plan: account.plan };
  await writeActivity(manager, saved.id, actor, { action: 'account.created', subject });
  return saved;
}

function findForUpdate(manager: EntityManager, emailKey: EmailKey): Promise<AccountEntity | null> {
  return manager.getRepository(AccountEntity).findOne({
    where: { emailKey },
    lock: { mode: 'pessimistic_write' },
  });
}
