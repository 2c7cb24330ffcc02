import type { DomainMove } from '../../domains/domain-move.js';
import type { TransferOffer } from '../../domains/transfer-offer.js';
import type { MoveRecord, TransferRecord } from './transfer-answers.js';

export function presentTransfer({ createdAt, expiresAt, ...offer }: TransferOffer): TransferRecord {
  const { id, state, region } = offer;
  return {
    id,
    state,
    region,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}

export function presentMove({ createdAt, expiresAt, ...move }: DomainMove): MoveRecord {
  const { id, direction, region, state, heardAt, silence, silentSince } = move;
  return {
    id,
    direction,
    region,
    state,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    heard_at: heardAt?.toISOString() ?? null,
    silence,
    silent_since: silentSince?.toISOString() ?? null,
  };
}
