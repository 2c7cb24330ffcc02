import type { TransferOffer } from '../../domains/transfer-offer.js';
import type { TransferRecord } from './transfer-answers.js';

export function presentTransfer({
  id,
  state,
  createdAt,
  expiresAt,
}: TransferOffer): TransferRecord {
  return { id, state, created_at: createdAt.toISOString(), expires_at: expiresAt.toISOString() };
}
