import { Injectable } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import type { Account, AccountState } from './account.js';
import type { AccountDetails, AccountRecord } from './account-details.js';
import type { AccountEntity } from './account.entity.js';
import { AccountStore, type AccountCredentials } from './account.store.js';
import { hashApiToken, matchesApiToken, newApiToken, type ApiToken } from './api-token.js';
import { accountIdIn } from './external-id.js';
import { emailKeyOf, parseEmailAddress } from './email-address.js';
import type { AccountPlan } from './plans.js';

/** The only value that holds a token in clear: afterwards only its hash exists. */
export interface IssuedToken {
  readonly account: AccountRecord;
  readonly token: ApiToken;
}

/** This region's accounts. Every `email` parameter is compared without regard to letter case. */
@Injectable()
export class AccountsService {
  constructor(private readonly store: AccountStore) {}

  /**
   * The active account with this address or external id and this token, or null. An unknown login costs the same query and
   * the same comparison as a wrong token. Nothing is cached: a suspension or a rotation takes effect with the next request.
   */
  async authenticate(login: string, token: string): Promise<Account | null> {
    const credentials = await this.store.findCredentials(emailKeyOf(login), accountIdIn(login));
    const matches = matchesApiToken(token, credentials?.tokenHashes ?? []);
    return matches && credentials?.state === 'active' ? toAccount(credentials) : null;
  }

  /** Throws AppError `invalid_request` for a malformed address and `account_exists` for an address that has an account. */
  async create(email: string, plan: AccountPlan): Promise<IssuedToken> {
    const address = parseEmailAddress(email);
    if (address === null)
      throw new AppError('invalid_request', `${email} is not an e-mail address.`);
    const token = newApiToken();
    try {
      const account = { email: address, emailKey: emailKeyOf(address), plan };
      return { account: toRecord(await this.store.insert(account, hashApiToken(token))), token };
    } catch (error) {
      if (!isDuplicateEmail(error)) throw error;
      throw new AppError('account_exists', `There is already an account for ${address}.`, {
        cause: error,
      });
    }
  }

  async list(): Promise<AccountRecord[]> {
    return (await this.store.list()).map(toRecord);
  }

  /** Throws AppError `not_found`, as all methods below do. */
  async get(email: string): Promise<AccountDetails> {
    const account = await this.#require(email);
    const tokens = await this.store.listValidTokens(account.id);
    return {
      ...toRecord(account),
      tokens: tokens.map(({ createdAt, expiresAt }) => ({ createdAt, expiresAt })),
    };
  }

  async changePlan(email: string, plan: AccountPlan): Promise<AccountRecord> {
    await this.store.update(emailKeyOf(email), { plan });
    return toRecord(await this.#require(email));
  }

  suspend(email: string): Promise<AccountRecord> {
    return this.#changeState(email, 'suspended');
  }

  resume(email: string): Promise<AccountRecord> {
    return this.#changeState(email, 'active');
  }

  /** Issues a new token. Older tokens stay valid for at most `overlapSeconds`; with 0 they expire at once. */
  async rotateToken(email: string, overlapSeconds: number): Promise<IssuedToken> {
    const account = await this.#require(email);
    const token = newApiToken();
    await this.store.rotateToken(account.id, hashApiToken(token), overlapSeconds);
    return { account: toRecord(account), token };
  }

  /** Deletes the account and its tokens, but not its secrets: the caller burns them first. */
  async remove(email: string): Promise<void> {
    if (!(await this.store.delete(emailKeyOf(email)))) throw notFound(email);
  }

  async #changeState(email: string, state: AccountState): Promise<AccountRecord> {
    await this.store.update(emailKeyOf(email), { state });
    return toRecord(await this.#require(email));
  }

  async #require(email: string): Promise<AccountEntity> {
    const account = await this.store.find(emailKeyOf(email));
    if (account === null) throw notFound(email);
    return account;
  }
}

function notFound(email: string): AppError {
  return new AppError('not_found', `There is no account for ${email}.`);
}

function isDuplicateEmail(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'accounts_email_key';
}

function toAccount({ id, email, plan, state }: AccountCredentials): Account {
  return { id, email, plan, state };
}

function toRecord(entity: AccountEntity): AccountRecord {
  const { id, email, plan, state, createdAt, updatedAt } = entity;
  return { id, email, plan, state, createdAt, updatedAt };
}
