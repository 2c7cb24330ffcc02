import type { z } from 'zod';
import type { AccountId } from '../account.js';

export type PasskeyId = string & z.$brand<'PasskeyId'>;

export const PASSKEYS_MAX = 20;

/** What may be shown of a passkey. */
export interface PasskeyRecord {
  readonly id: PasskeyId;
  readonly name: string;
  readonly createdAt: Date;
  /** The day, in UTC, of the last sign-in; null: none. */
  readonly lastUsedOn: string | null;
}

/** What a browser has made, verified. */
export interface NewCredential {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
}

/** What a sign-in is verified with. */
export interface StoredCredential extends NewCredential {
  readonly id: PasskeyId;
  readonly accountId: AccountId;
}
