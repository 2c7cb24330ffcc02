import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';

/** The length of secret keys and metadata keys, in base36 characters. Only secret-key.ts reads what is in one. */
export const KEY_LENGTH = 31;

const SHORT_ID_LENGTH = 8;

/** The start of a key, by which people tell keys apart. It opens nothing. */
export function shortIdOf(key: string): string {
  return key.slice(0, SHORT_ID_LENGTH);
}

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
  /** Whether the link was mailed to the recipient: as it was made, or later by its owner. */
  readonly isRecipientTold: boolean;
  readonly ownerId: AccountId | null;
  /** The owner's address; null without an account. */
  readonly ownerEmail: string | null;
  /** The granted time to live of the secret, in seconds. */
  readonly ttlSeconds: number;
  /** The remaining time to live of the secret, in seconds; null once it is gone. */
  readonly secretTtlSeconds: number | null;
  /** When the secret expires, or did if it was not opened before. */
  readonly secretExpiresAt: Date;
  /**
   * What is left of twice the secret's time to live, in seconds: the life of a receipt as API v1 counts it. The receipt of
   * an account stays beyond it.
   */
  readonly metadataTtlSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly receivedAt: Date | null;
  readonly burnedAt: Date | null;
  /** The first and the last look at the link by API v2, and their number. Pages do not count. */
  readonly previewedAt: Date | null;
  readonly lastPreviewedAt: Date | null;
  readonly previewCount: number;
  /** What the owner wrote on it. */
  readonly memo: string | null;
  /** The first eight characters of the secret key, which tell the sender which link it is. Null in old receipts. */
  readonly secretShortId: string | null;
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
  /** Of what the recipient gets, such as `de`. Null, absent or unknown: English. */
  readonly language?: string | null;
  /** The sender wants to be told when the secret is opened. Needs an account. */
  readonly notifiesOpened?: boolean;
  /** The custom domain to put into the link, not parsed yet. */
  readonly shareDomain: string | null;
  /** On a custom domain the owner's `shareDomain` counts too. Absent: the link is the host's. */
  readonly honoursShareDomain?: boolean;
  readonly surface: Surface;
}

/** What is known of a secret without its value. The secret key gives access to it. */
export interface SecretFacts {
  readonly domain: Hostname | null;
  readonly hasPassphrase: boolean;
  readonly ownerId: AccountId | null;
  readonly createdAt: Date;
  /** The granted time to live, in seconds. */
  readonly ttlSeconds: number;
}

export interface RevealedSecret extends SecretFacts {
  readonly value: string;
  readonly revealedAt: Date;
}

/** An unread secret, looked at and not opened. */
export interface UnreadSecret extends SecretFacts {
  readonly secretKey: string;
  /** The remaining time to live, in seconds. */
  readonly secondsLeft: number;
  readonly isPreviewed: boolean;
}

export interface BurnedSecret {
  readonly receipt: Receipt;
  /** The first six characters of the secret key: they tell the sender which link was burned. */
  readonly secretShortKey: string;
}
