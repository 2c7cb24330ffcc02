import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';

/** The length of secret keys and metadata keys, in base36 characters. Only secret-key.ts reads what is in one. */
export const KEY_LENGTH = 31;

export type SecretKind = 'share' | 'generate';

/** `expired` and `orphaned` are never stored: they follow from an unread receipt whose secret is gone. */
export type ReceiptState = 'new' | 'viewed' | 'received' | 'burned' | 'expired' | 'orphaned';

/** What the sender may know of a secret. The metadata key gives access to it. */
export interface Receipt {
  readonly metadataKey: string;
  /** The key in the link. Null once the secret is received, burned, expired or orphaned, and always in a list. */
  readonly secretKey: string | null;
  readonly kind: SecretKind;
  readonly state: ReceiptState;
  readonly hasPassphrase: boolean;
  /** How many wrong passphrases are left until the secret is burned; null: the owner chose no number, or it is gone. */
  readonly attemptsLeft: number | null;
  /** The custom domain that the link names, or null. */
  readonly domain: Hostname | null;
  /** Masked: `fo*****@e*****.com`. */
  readonly recipients: readonly string[];
  readonly ownerId: AccountId | null;
  /** The granted time to live of the secret, in seconds. */
  readonly ttlSeconds: number;
  /** The remaining time to live of the secret, in seconds; null once it is gone. */
  readonly secretTtlSeconds: number | null;
  /** The remaining time to live of the receipt, in seconds. */
  readonly metadataTtlSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly receivedAt: Date | null;
  readonly burnedAt: Date | null;
}

/** Where a caller creates a secret. The owner of a custom domain allows guests for each separately. */
export type Surface = 'api' | 'page';

/** A parsed request to conceal. SecretsService checks the limits and rules. */
export interface ConcealSecret {
  readonly kind: SecretKind;
  readonly value: string;
  /** Null or zero: the default of 7 days. Clamped to the limits of the caller's plan. */
  readonly ttlSeconds: number | null;
  readonly passphrase: string | null;
  /** After so many wrong passphrases the secret is burned. Null or absent: it is not. */
  readonly guessesMax?: number | null;
  readonly recipients: readonly string[];
  /** The custom domain to put into the link, not parsed yet. */
  readonly shareDomain: string | null;
  readonly surface: Surface;
}

export interface RevealedSecret {
  readonly value: string;
  readonly domain: Hostname | null;
}

export interface BurnedSecret {
  readonly receipt: Receipt;
  /** The first six characters of the secret key: they tell the sender which link was burned. */
  readonly secretShortKey: string;
}
