import type { Language } from '../shared/language.js';
import type { Account } from './account.js';
import type { TokenRecord } from './tokens/token-record.js';

/** An account as the operator's commands show it. */
export interface AccountRecord extends Account {
  /** Of mails to its address; null: the default. */
  readonly language: Language | null;
  readonly createdAt: Date;
  /** The time of the last change of plan, state, language or address. */
  readonly updatedAt: Date;
}

export interface AccountDetails extends AccountRecord {
  /** With the values that a rotation has replaced and that are still valid; the oldest first. */
  readonly tokens: readonly TokenRecord[];
}
