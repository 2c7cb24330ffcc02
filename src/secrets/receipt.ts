import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';

/** Keys as they travel in links: 31 base36 characters, opaque to everyone but secret-key.ts. */
export const KEY_LENGTH = 31;

export type SecretKind = 'share' | 'generate';

/** `expired` and `orphaned` are never stored: they are what an unread receipt says once its secret is gone. */
export type ReceiptState = 'new' | 'viewed' | 'received' | 'burned' | 'expired' | 'orphaned';

/** What the sender may know of a secret. Whoever holds the metadata key holds this. */
export interface Receipt {
  readonly metadataKey: string;
  /** The key of the link; null once the secret is received, burned, expired or orphaned, and always in a list. */
  readonly secretKey: string | null;
  readonly kind: SecretKind;
  readonly state: ReceiptState;
  readonly hasPassphrase: boolean;
  /** The custom domain that the link names, or null. */
  readonly domain: Hostname | null;
  /** Masked: `fo*****@e*****.com`. */
  readonly recipients: readonly string[];
  readonly ownerId: AccountId | null;
  /** The time to live that was granted to the secret, in seconds. */
  readonly ttlSeconds: number;
  /** What is left of it, in seconds; null when the secret is gone. */
  readonly secretTtlSeconds: number | null;
  /** What is left of the receipt, in seconds. */
  readonly metadataTtlSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly receivedAt: Date | null;
  readonly burnedAt: Date | null;
}

/** Where a caller creates: a customer allows guests on each apart. */
export type Surface = 'api' | 'page';

/** What a caller asks to conceal. Parsed at the door; limits and rules are the service's. */
export interface ConcealSecret {
  readonly kind: SecretKind;
  readonly value: string;
  /** Null: the default, 7 days. Clamped to the caller's plan. */
  readonly ttlSeconds: number | null;
  readonly passphrase: string | null;
  readonly recipients: readonly string[];
  /** The custom domain that the link should name, as the caller wrote it. */
  readonly shareDomain: string | null;
  readonly surface: Surface;
}

export interface RevealedSecret {
  readonly value: string;
  readonly domain: Hostname | null;
}

export interface BurnedSecret {
  readonly receipt: Receipt;
  /** The first six characters of the secret key, so that the sender knows which link is dead. */
  readonly secretShortKey: string;
}
