import { AppError } from '../shared/app-error.js';
import { KEY_LENGTH, shortIdOf, type Receipt } from './receipt.js';
import type { ListedReceipt, StoredReceipt } from './receipt.store.js';
import type { SecretCipher } from './secret-cipher.js';

/** A stored receipt, opened by its metadata key. @throws AppError `unavailable` when a part of it does not open */
export function unsealedReceipt(
  cipher: SecretCipher,
  stored: StoredReceipt,
  metadataKey: string,
): Receipt {
  const isUnread = stored.state === 'new' || stored.state === 'viewed';
  const sealed = isUnread ? stored.sealedSecretKey : null;
  const secretKey = sealed && cipher.openSecretKey(sealed, metadataKey, stored);
  const { sealedShortId: sealedId } = stored;
  const secretShortId =
    secretKey === null
      ? sealedId && cipher.openForSender('short id', sealedId, metadataKey, stored)
      : shortIdOf(secretKey);
  return receiptOf(cipher, stored, { metadataKey, secretKey, secretShortId });
}

/**
 * A receipt in a list: never with the secret key. Null: its key was erased. An AppError: it does not open, and must not hide
 * the others.
 */
export function listedReceipt(
  cipher: SecretCipher,
  stored: ListedReceipt & Pick<Receipt, 'ownerEmail'>,
  openMetadataKey: ReturnType<SecretCipher['metadataKeysOf']>,
): Receipt | AppError | null {
  if (stored.sealedMetadataKey === null) return null;
  try {
    const listed = openMetadataKey(stored.sealedMetadataKey, stored);
    const metadataKey = listed.slice(0, KEY_LENGTH);
    // Older rows have none. To open it from its own envelope would take a key for each.
    const secretShortId = listed.slice(KEY_LENGTH) || null;
    return receiptOf(cipher, stored, { metadataKey, secretKey: null, secretShortId });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Copies each field by name: no other column of the row may leave the room. */
function receiptOf(
  cipher: SecretCipher,
  stored: ListedReceipt & Pick<Receipt, 'ownerEmail'>,
  opened: Pick<Receipt, 'metadataKey' | 'secretKey' | 'secretShortId'>,
): Receipt {
  const { kind, state, hasPassphrase, attemptsLeft, domain, recipients, ownerId, ownerEmail } =
    stored;
  const { ttlSeconds, secretTtlSeconds, secretExpiresAt, metadataTtlSeconds } = stored;
  const { createdAt, updatedAt, receivedAt, burnedAt } = stored;
  const { isRecipientTold, previewedAt, lastPreviewedAt, previewCount, sealedMemo } = stored;
  const memo = sealedMemo && cipher.openForSender('memo', sealedMemo, opened.metadataKey, stored);
  return {
    ...opened,
    memo,
    kind,
    state,
    hasPassphrase,
    attemptsLeft,
    domain,
    recipients,
    isRecipientTold,
    ownerId,
    ownerEmail,
    ttlSeconds,
    secretTtlSeconds,
    secretExpiresAt,
    metadataTtlSeconds,
    createdAt,
    updatedAt,
    receivedAt,
    burnedAt,
    previewedAt,
    lastPreviewedAt,
    previewCount,
  };
}
