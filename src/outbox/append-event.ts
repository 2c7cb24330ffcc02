import type { EntityManager } from 'typeorm';
import type { OutboxEvent } from './outbox-event.js';

// A listener names types (`domain.lapsed`) or kinds (`domain.*`).
const wants = (type: string): string =>
  `(${type} = any(types) or split_part(${type}, '.', 1) || '.*' = any(types))`;

const APPEND = `
  insert into outbox (account_id, type, subject) select $1::uuid, $2::text, $3::jsonb
  where exists (select from outbox_listeners where account_id = $1 and ${wants('$2::text')})
    or exists (select from outbox_listeners where account_id is null and ${wants('$2::text')})`;

/** Writes the event in the caller's transaction, if somebody listens. */
export async function appendEvent(
  manager: EntityManager,
  { accountId, type, subject }: OutboxEvent,
): Promise<void> {
  await manager.query(APPEND, [accountId, type, JSON.stringify(subject)]);
}

interface EventPart {
  /** SQL expressions; `account` may be null. Columns are those of `from`. */
  readonly account: string;
  readonly type: string;
  readonly subject: string;
  /** Another part of the statement that returns a row for each event; absent: one event. */
  readonly from?: string;
  /** When the event is written although the account does not listen; and the condition of all. */
  readonly always?: string;
  readonly when?: string;
}

/**
 * A part of a hot statement that writes its event if the account listens, in the same round trip. Listeners to all
 * accounts do not count here: they want domains and certificates.
 */
export function eventPart({
  account,
  type,
  subject,
  from,
  always = 'false',
  when = 'true',
}: EventPart): string {
  return `event as (
      insert into outbox (account_id, type, subject)
      select ${account}, ${type}, ${subject}${from === undefined ? '' : ` from ${from}`}
      where ${account} is not null and ${when} and (${always} or exists (
        select from outbox_listeners l where l.account_id = ${account} and ${wants(type)}))
    )`;
}
