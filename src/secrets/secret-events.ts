import { eventPart } from '../outbox/append-event.js';

/** What names the secret in events: a part of a hash of the metadata key, which opens nothing. */
const idOf = (lookup: string): string => `left(encode(${lookup}, 'hex'), 32)`;

/** Columns that a part of a statement returns of receipts, for receiptEvent(). */
export const EVENT_COLUMNS = 'account_id, lookup, domain, recipients, created_at, notifies_opened';

/** The event of a new secret; the arguments are parameters of the statement. */
export function createdEvent(of: {
  readonly account: string;
  readonly lookup: string;
  readonly domain: string;
  readonly recipients: string;
}): string {
  return eventPart({
    account: `${of.account}::uuid`,
    type: "'secret.created'",
    subject: subjectOf({ ...of, createdAt: 'now()' }),
  });
}

/** The events of the rows that `from` returns. A sender who asked to be told of the opening is told without listening. */
export function receiptEvent(from: string, type: string): string {
  return eventPart({
    from,
    account: `${from}.account_id`,
    type,
    subject: `${subjectOf({
      lookup: `${from}.lookup`,
      domain: `${from}.domain`,
      recipients: `${from}.recipients`,
      createdAt: `${from}.created_at`,
    })} || jsonb_build_object('notifies_opened', ${from}.notifies_opened)`,
    always: `(${from}.notifies_opened and ${type} = 'secret.revealed')`,
  });
}

function subjectOf(of: {
  readonly lookup: string;
  readonly domain: string;
  readonly recipients: string;
  readonly createdAt: string;
}): string {
  return `jsonb_build_object('id', ${idOf(`${of.lookup}::bytea`)}, 'domain', ${of.domain}::text,
      'recipients', to_jsonb(${of.recipients}::text[]), 'created_at', ${of.createdAt})`;
}
