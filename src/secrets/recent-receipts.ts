import type { Account } from '../accounts/account.js';
import type { PackedRows } from '../database/packed-rows.js';
import type { Hostname } from '../shared/hostname.js';
import { KEY_LENGTH, type Receipt, type ReceiptState, type SecretKind } from './receipt.js';
import type { SecretCipher } from './secret-cipher.js';

/** A receipt in the list of those that changed lately. */
export type RecentReceipt = Omit<
  Receipt,
  'secretTtlSeconds' | 'secretExpiresAt' | 'lastPreviewedAt' | 'previewCount'
>;

/** A row of the statement RECENT. */
export interface RecentRow extends Omit<
  RecentReceipt,
  'metadataKey' | 'secretKey' | 'secretShortId' | 'memo' | 'ownerId' | 'ownerEmail'
> {
  readonly lookup: Buffer;
  readonly keyVersion: number;
  readonly sealedMetadataKey: Buffer | null;
  readonly sealedMemo: Buffer | null;
}

/** Reads the rows of RECENT one by one, in its order of columns. */
export function* recentRows(rows: PackedRows): Generator<RecentRow> {
  while (rows.next())
    yield {
      lookup: rows.buffer(),
      keyVersion: rows.int(),
      sealedMetadataKey: rows.bufferOrNull(),
      kind: rows.text<SecretKind>(),
      state: rows.text<ReceiptState>(),
      hasPassphrase: rows.flag(),
      attemptsLeft: rows.intOrNull(),
      domain: rows.textOrNull<Hostname>(),
      recipients: rows.texts(),
      isRecipientTold: rows.flag(),
      ttlSeconds: rows.int(),
      metadataTtlSeconds: rows.int(),
      createdAt: rows.instant(),
      updatedAt: rows.instant(),
      receivedAt: rows.instantOrNull(),
      burnedAt: rows.instantOrNull(),
      previewedAt: rows.instantOrNull(),
      sealedMemo: rows.bufferOrNull(),
    };
}

/**
 * The receipt. Null: its key was erased. The memo is opened when it is read: API v1 shows none, and each takes a key of its
 * own.
 * @throws AppError `unavailable` when the key does not open, or later the memo
 */
export function recentReceipt(
  cipher: SecretCipher,
  { id: ownerId, email: ownerEmail }: Account,
  { lookup, keyVersion, sealedMetadataKey, sealedMemo, ...shown }: RecentRow,
  openMetadataKey: ReturnType<SecretCipher['metadataKeysOf']>,
): RecentReceipt | null {
  if (sealedMetadataKey === null) return null;
  const record = { lookup, keyVersion, domain: shown.domain };
  const listed = openMetadataKey(sealedMetadataKey, record);
  const metadataKey = listed.slice(0, KEY_LENGTH);
  return {
    ...shown,
    metadataKey,
    secretKey: null,
    // Older rows have none. To open it from its own envelope would take a key for each.
    secretShortId: listed.slice(KEY_LENGTH) || null,
    ownerId,
    ownerEmail,
    get memo() {
      return sealedMemo && cipher.openForSender('memo', sealedMemo, metadataKey, record);
    },
  };
}
