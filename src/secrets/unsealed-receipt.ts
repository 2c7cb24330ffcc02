import { AppError } from '../shared/app-error.js';
import { shortIdOf, type Receipt } from './receipt.js';
import type { StoredReceipt } from './receipt.store.js';
import type { SecretCipher, SenderField } from './secret-cipher.js';

/** A stored receipt, opened by its metadata key. @throws AppError `unavailable` when a part of it does not open */
export function unsealedReceipt(
  cipher: SecretCipher,
  stored: StoredReceipt,
  metadataKey: string,
): Receipt {
  const isUnread = stored.state === 'new' || stored.state === 'viewed';
  const sealed = isUnread ? stored.sealedSecretKey : null;
  const secretKey = sealed && cipher.openSecretKey(sealed, metadataKey, stored);
  return receiptOf(cipher, stored, { metadataKey, secretKey });
}

/**
 * A receipt in a list: never with the secret key. Null: its key was erased. An AppError: it does not open, and must not hide
 * the others.
 */
export function listedReceipt(
  cipher: SecretCipher,
  stored: StoredReceipt,
  openMetadataKey: ReturnType<SecretCipher['metadataKeysOf']>,
): Receipt | AppError | null {
  if (stored.sealedMetadataKey === null) return null;
  try {
    const metadataKey = openMetadataKey(stored.sealedMetadataKey, stored);
    return receiptOf(cipher, stored, { metadataKey, secretKey: null });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Copies each field by name: no other column of the row may leave the room. */
function receiptOf(
  cipher: SecretCipher,
  stored: StoredReceipt,
  { metadataKey, secretKey }: Pick<Receipt, 'metadataKey' | 'secretKey'>,
): Receipt {
  const { kind, state, hasPassphrase, attemptsLeft, domain, recipients, ownerId, ownerEmail } =
    stored;
  const { ttlSeconds, secretTtlSeconds, secretExpiresAt, metadataTtlSeconds } = stored;
  const { createdAt, updatedAt, receivedAt, burnedAt } = stored;
  const { previewedAt, lastPreviewedAt, previewCount, sealedMemo, sealedShortId } = stored;
  const open = (field: SenderField, sealed: Buffer | null) =>
    sealed && cipher.openForSender(field, sealed, metadataKey, stored);
  return {
    metadataKey,
    secretKey,
    secretShortId: secretKey === null ? open('short id', sealedShortId) : shortIdOf(secretKey),
    memo: open('memo', sealedMemo),
    kind,
    state,
    hasPassphrase,
    attemptsLeft,
    domain,
    recipients,
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
