import type { Account } from './account.js';

/** An account as the operator's commands show it. */
export interface AccountRecord extends Account {
  readonly createdAt: Date;
  /** The time of the last change of plan or state. */
  readonly updatedAt: Date;
}

/** What may be shown of a token: never the token or its hash. */
export interface ApiTokenRecord {
  readonly createdAt: Date;
  /** Null: it does not expire until a rotation. */
  readonly expiresAt: Date | null;
}

export interface AccountDetails extends AccountRecord {
  /** The valid tokens, the oldest first. */
  readonly tokens: readonly ApiTokenRecord[];
}
