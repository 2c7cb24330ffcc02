import type { z } from 'zod';
import type { Network } from '../../shared/network.js';
import type { TokenScope } from './token-scope.js';

export type TokenId = string & z.$brand<'TokenId'>;

/** The token by which a caller signed in. */
export interface TokenIdentity {
  readonly id: TokenId;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
}

/**
 * What may be shown of a token: never the token or its hash. A rotation gives the token a new value; the value before is
 * a record of its own while it is valid.
 */
export interface TokenRecord extends TokenIdentity {
  /** Null: the current value. Else the id of the token whose value this was. */
  readonly replacedBy: TokenId | null;
  readonly createdAt: Date;
  /** When the current value replaced another. */
  readonly rotatedAt: Date | null;
  /** Null: never, or with a rotation. */
  readonly expiresAt: Date | null;
  readonly isExpired: boolean;
  /** The day, in UTC, of the last use. */
  readonly lastUsedOn: string | null;
  /** From where it was first used on that day. */
  readonly lastUsedFrom: Network | null;
}
