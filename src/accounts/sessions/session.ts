import type { z } from 'zod';
import type { Network } from '../../shared/network.js';
import type { Account } from '../account.js';
import type { SessionValue } from './session-value.js';

/** Names a session where it is listed. It opens nothing: that is what the value is for. */
export type SessionId = string & z.$brand<'SessionId'>;

export const SESSION_IDLE_HOURS = 12;
export const SESSION_DAYS = 7;
/** How long after the sign-in a session may change what protects the account. */
export const FRESH_MINUTES = 10;

/** The first factor of a sign-in. `link`: a link that was mailed to the account's address. */
export type SignInMethod = 'password' | 'passkey' | 'link';

export type SecondFactor = 'totp' | 'recovery_code';

/** The session by which a caller signed in. */
export interface SessionIdentity {
  readonly id: SessionId;
  /** In the form field `csrf` or the header X-CSRF-Token of each request that changes something. */
  readonly csrfToken: string;
  /** Whether the sign-in was a few minutes ago: see FRESH_MINUTES. */
  readonly isFresh: boolean;
  /** Versionless, such as `Firefox, Linux`; null: unknown. */
  readonly agent: string | null;
}

/** What may be shown of a session. */
export interface SessionRecord {
  readonly id: SessionId;
  readonly method: SignInMethod;
  readonly secondFactor: SecondFactor | null;
  readonly agent: string | null;
  readonly network: Network;
  readonly signedInAt: Date;
  /** The day, in UTC, of the last use. */
  readonly lastUsedOn: string;
  readonly lastUsedFrom: Network;
  readonly expiresAt: Date;
}

export interface LiveSession {
  readonly account: Account;
  readonly session: SessionIdentity;
  /** Whether its last use is to be noted. */
  readonly isNoteDue: boolean;
}

/** The only object with the value of a session: afterwards only its hash exists. */
export interface NewSession {
  readonly id: SessionId;
  readonly value: SessionValue;
}
