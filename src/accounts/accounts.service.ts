import { Injectable } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import type { Language } from '../shared/language.js';
import type { Account, AccountId } from './account.js';
import type { AccountDetails, AccountRecord } from './account-details.js';
import type { AccountEntity } from './account.entity.js';
import { AccountStore } from './account.store.js';
import { COMMAND_LINE, type Actor } from './activity/activity.js';
import { emailExists } from './duplicate-email.js';
import { emailKeyOf, parseEmailAddress } from './email-address.js';
import type { AccountPlan } from './plans.js';
import { hashApiToken, matchingToken, newApiToken, type ApiToken } from './tokens/api-token.js';
import type { TokenIdentity } from './tokens/token-record.js';
import { TOKEN_SCOPES } from './tokens/token-scope.js';
import { TokensService } from './tokens/tokens.service.js';

/** The name of an account's first token. */
export const FIRST_TOKEN = 'default';

/** The only value that holds a token in clear: afterwards only its hash exists. */
export interface IssuedToken {
  readonly account: AccountRecord;
  readonly token: ApiToken;
}

export interface AccountPage {
  readonly accounts: readonly AccountRecord[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** An account and the token by which it signed in. */
export interface SignedIn {
  readonly account: Account;
  readonly token: TokenIdentity;
  /** The hash of the value, to be noted for its last use; null when it was used today already. */
  readonly unusedHash: Buffer | null;
}

/**
 * This region's accounts. Every `email` parameter is compared without regard to letter case. `actor` is who makes a
 * change, for the account's activity.
 */
@Injectable()
export class AccountsService {
  constructor(
    private readonly store: AccountStore,
    private readonly tokens: TokensService,
  ) {}

  /**
   * The active account with this address or id and this token, or null. An unknown login costs the same query and the
   * same comparison as a wrong token. Nothing is cached: a suspension or a rotation takes effect with the next request.
   */
  async authenticate(login: string, token: string): Promise<SignedIn | null> {
    const credentials = await this.store.findCredentials(login);
    const match = matchingToken(token, credentials?.tokens ?? []);
    if (credentials?.account.state !== 'active' || match === null) return null;
    const { id, name, scopes, tokenHash, isUsedToday } = match;
    return {
      account: credentials.account,
      token: { id, name, scopes },
      unusedHash: isUsedToday ? null : tokenHash,
    };
  }

  /** Throws AppError `invalid_request` for a malformed address and `account_exists` for an address that has an account. */
  async create(
    email: string,
    plan: AccountPlan,
    actor: Actor = COMMAND_LINE,
    language: Language | null = null,
  ): Promise<IssuedToken> {
    const address = parseEmailAddress(email);
    if (address === null)
      throw new AppError('invalid_request', `${email} is not an e-mail address.`);
    const value = newApiToken();
    const token = {
      name: FIRST_TOKEN,
      scopes: TOKEN_SCOPES,
      tokenHash: hashApiToken(value),
      expiresInSeconds: null,
    };
    try {
      const account = { email: address, emailKey: emailKeyOf(address), plan, language };
      return { account: toRecord(await this.store.insert(account, token, actor)), token: value };
    } catch (error) {
      throw emailExists(error, address) ?? error;
    }
  }

  async list(): Promise<AccountRecord[]> {
    return (await this.store.list()).map(toRecord);
  }

  /** In the order of their addresses. Throws AppError `invalid_request` for an invalid cursor. */
  async page(limit: number, cursor: string | null): Promise<AccountPage> {
    const after = cursor === null ? null : Buffer.from(cursor, 'base64url').toString();
    if (after !== null && (encodeCursor(after) !== cursor || CONTROL.test(after)))
      throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
    const found = await this.store.page(after === null ? null : emailKeyOf(after), limit + 1);
    const accounts = found.slice(0, limit);
    const last = found.length > limit ? accounts.at(-1) : undefined;
    const nextCursor = last === undefined ? null : encodeCursor(last.emailKey);
    return { accounts: accounts.map(toRecord), nextCursor };
  }

  /**
   * Throws AppError `not_found`, as all methods below do; those that change something throw `invalid_request` for an
   * account that is being removed.
   */
  async get(email: string): Promise<AccountDetails> {
    const account = await this.#require(email);
    return { ...toRecord(account), tokens: await this.tokens.list(account.id) };
  }

  async getById(id: AccountId): Promise<AccountRecord> {
    const account = await this.store.findById(id);
    if (account === null) throw new AppError('not_found', 'There is no such account.');
    return toRecord(account);
  }

  async changePlan(
    email: string,
    plan: AccountPlan,
    actor: Actor = COMMAND_LINE,
  ): Promise<AccountRecord> {
    const entry = { action: 'account.plan_changed', subject: { plan } } as const;
    await this.store.update(emailKeyOf(email), { plan }, actor, entry);
    return this.#requireOpen(email);
  }

  /** @param language of mails to its address; null: the default */
  async changeLanguage(
    email: string,
    language: Language | null,
    actor: Actor = COMMAND_LINE,
  ): Promise<AccountRecord> {
    const entry = { action: 'account.language_changed', subject: { language } } as const;
    await this.store.update(emailKeyOf(email), { language }, actor, entry);
    return this.#requireOpen(email);
  }

  async suspend(email: string, actor: Actor = COMMAND_LINE): Promise<AccountRecord> {
    const entry = { action: 'account.suspended', subject: {} } as const;
    await this.store.update(emailKeyOf(email), { state: 'suspended' }, actor, entry);
    return this.#requireOpen(email);
  }

  async resume(email: string, actor: Actor = COMMAND_LINE): Promise<AccountRecord> {
    const entry = { action: 'account.resumed', subject: {} } as const;
    await this.store.update(emailKeyOf(email), { state: 'active' }, actor, entry);
    return this.#requireOpen(email);
  }

  async #requireOpen(email: string): Promise<AccountRecord> {
    const account = await this.#require(email);
    if (account.state !== 'closing') return toRecord(account);
    throw new AppError('invalid_request', `The account of ${account.email} is being removed.`);
  }

  async #require(email: string): Promise<AccountEntity> {
    const account = await this.store.find(emailKeyOf(email));
    if (account === null) throw notFound(email);
    return account;
  }
}

const CONTROL = /\p{Cc}/u;

function encodeCursor(emailKey: string): string {
  return Buffer.from(emailKey).toString('base64url');
}

function notFound(email: string): AppError {
  return new AppError('not_found', `There is no account for ${email}.`);
}

function toRecord(entity: AccountEntity): AccountRecord {
  const { id, email, plan, state, language, createdAt, updatedAt } = entity;
  return { id, email, plan, state, language, createdAt, updatedAt };
}
