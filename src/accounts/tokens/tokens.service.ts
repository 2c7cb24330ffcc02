import { Injectable } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import type { AccountId } from '../account.js';
import { COMMAND_LINE, type Actor } from '../activity/activity.js';
import { hashApiToken, newApiToken, type ApiToken } from './api-token.js';
import type { TokenId, TokenRecord } from './token-record.js';
import { isSameName } from './token-rules.js';
import { scopesBeyond, TOKEN_SCOPES, type TokenScope } from './token-scope.js';
import { TokenStore } from './token.store.js';

export const TOKENS_MAX = 25;

/** Who makes or renews a token. Nobody gives a scope that they do not have. */
export interface Grantor {
  readonly actor: Actor;
  readonly scopes: readonly TokenScope[];
}

export const OPERATOR: Grantor = { actor: COMMAND_LINE, scopes: TOKEN_SCOPES };

export interface TokenRequest {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** Null: it does not expire. */
  readonly expiresInSeconds: number | null;
}

export interface RotationRequest {
  /** How long the value before stays valid; at most, for those before it. */
  readonly overlapSeconds: number;
  /** Undefined: as before. */
  readonly expiresInSeconds?: number | null | undefined;
}

/** The only object with a token in clear: afterwards only its hash exists. */
export interface NewTokenValue {
  readonly token: TokenRecord;
  readonly value: ApiToken;
}

/**
 * The API tokens of an account, by name. An unknown id and the id of another account's token both throw AppError
 * `not_found`.
 */
@Injectable()
export class TokensService {
  constructor(private readonly store: TokenStore) {}

  /** With the values that a rotation has replaced and that are still valid; the oldest first. */
  list(accountId: AccountId): Promise<TokenRecord[]> {
    return this.store.list(accountId);
  }

  /** Throws AppError `forbidden` for a scope that the grantor lacks, and `invalid_request` for a name in use. */
  async create(
    accountId: AccountId,
    { name, scopes, expiresInSeconds }: TokenRequest,
    { actor, scopes: held }: Grantor,
  ): Promise<NewTokenValue> {
    requireScopes(held, scopes);
    const value = newApiToken();
    const unique = TOKEN_SCOPES.filter((scope) => scopes.includes(scope));
    const token = await this.store.insert(
      accountId,
      { name, scopes: unique, tokenHash: hashApiToken(value), expiresInSeconds },
      actor,
      (tokens) => refuseCreation(tokens, name),
    );
    return { token, value };
  }

  /** Gives the token a new value. Throws AppError `forbidden` when it has a scope that the grantor lacks. */
  async rotate(
    accountId: AccountId,
    id: TokenId,
    { overlapSeconds, expiresInSeconds }: RotationRequest,
    { actor, scopes: held }: Grantor,
  ): Promise<NewTokenValue> {
    const value = newApiToken();
    const rotation = { tokenHash: hashApiToken(value), overlapSeconds, expiresInSeconds };
    const token = await this.store.rotate(accountId, id, rotation, actor, (current) => {
      requireScopes(held, current.scopes);
      if (current.isExpired && expiresInSeconds === undefined) throw expired();
    });
    if (token === null) throw tokenNotFound();
    return { token, value };
  }

  /** It and its older values are refused from the next request on. */
  async revoke(accountId: AccountId, id: TokenId, actor: Actor): Promise<TokenRecord> {
    const token = await this.store.revoke(accountId, id, actor);
    if (token === null) throw tokenNotFound();
    return token;
  }

  /** Those of the tokens that still sign in, for whoever was let in by one and stays for a while. */
  async liveAmong(ids: readonly TokenId[]): Promise<readonly TokenId[]> {
    return (await this.store.liveAmong(ids)).map(({ id }) => id);
  }

  /** Throws AppError `not_found`. */
  async idOf(accountId: AccountId, name: string): Promise<TokenId> {
    const id = await this.store.findByName(accountId, name);
    if (id === null) throw new AppError('not_found', `The account has no token named ${name}.`);
    return id;
  }
}

function requireScopes(held: readonly TokenScope[], wanted: readonly TokenScope[]): void {
  const beyond = scopesBeyond(held, wanted);
  if (beyond.length === 0) return;
  throw new AppError(
    'forbidden',
    `A token cannot give what it does not have: ${beyond.join(', ')}.`,
    { reason: 'SCOPE_MISSING', field: 'scopes' },
  );
}

function refuseCreation(tokens: readonly TokenRecord[], name: string): void {
  const current = tokens.filter(({ replacedBy }) => replacedBy === null);
  const same = current.find((token) => isSameName(token.name, name));
  if (same !== undefined) {
    throw new AppError('invalid_request', `The account has a token named ${same.name}.`, {
      field: 'name',
      reason: 'TOKEN_EXISTS',
      id: same.id,
      hint: 'Rotate it for a new value, or choose another name.',
    });
  }
  if (current.length >= TOKENS_MAX) {
    throw new AppError('invalid_request', `An account has at most ${TOKENS_MAX} tokens.`, {
      reason: 'TOO_MANY_TOKENS',
      hint: 'Revoke one that is not used any more.',
    });
  }
}

function expired(): AppError {
  return new AppError('invalid_request', 'The token has expired: say for how long it is valid.', {
    field: 'expires_in',
    reason: 'TOKEN_EXPIRED',
  });
}

function tokenNotFound(): AppError {
  return new AppError('not_found', 'Token not found');
}
