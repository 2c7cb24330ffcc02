import type { Account } from './account.js';

/** An account as its operator sees it. */
export interface AccountRecord extends Account {
  readonly createdAt: Date;
  /** When its plan or its state last changed. */
  readonly updatedAt: Date;
}

/** All that may be shown of a token: never the token, nor its hash. */
export interface ApiTokenRecord {
  readonly createdAt: Date;
  /** Null: until it is rotated. */
  readonly expiresAt: Date | null;
}

export interface AccountDetails extends AccountRecord {
  /** The tokens that are valid now, the oldest first. */
  readonly tokens: readonly ApiTokenRecord[];
}
