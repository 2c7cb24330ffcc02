import type { DomainMove } from '../../domains/domain-move.js';
import type { OtherName } from '../../domains/domains.service.js';
import type { TransferOffer } from '../../domains/transfer-offer.js';
import type { MoveRecord, TransferRecord } from './transfer-answers.js';

/** @param other the other name of the pair */
export function presentTransfer(
  { createdAt, expiresAt, ...offer }: TransferOffer,
  other: Pick<OtherName, 'hostname' | 'redirects'> | null,
): TransferRecord {
  const { id, state, region } = offer;
  const goesToo = region === null && other?.redirects === 'other';
  return {
    id,
    state,
    region,
    pair:
      other === null || other.redirects === null
        ? null
        : { hostname: other.hostname, goes_too: goesToo },
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
