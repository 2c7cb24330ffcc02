import type { StoredEvent } from '../outbox/outbox-event.js';

/** The fields of an event's subject that its receivers get: ids, names and states. No other field leaves. */
const FIELDS = [
  'id',
  'domain',
  'created_at',
  'from',
  'to',
  'state',
  'reason',
  'code',
  'kind',
  'ca',
  'source',
  'missing_since',
  'lapses_at',
  'not_after',
  'is_urgent',
  'attempts',
] as const;

/** The body of a request: the same bytes at each attempt. */
export function payloadOf({
  type,
  at,
  subject,
}: Pick<StoredEvent, 'type' | 'at' | 'subject'>): string {
  const data = Object.fromEntries(
    FIELDS.map((field): [string, unknown] => [field, subject[field]]).filter(([, value]) =>
      isPlain(value),
    ),
  );
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
