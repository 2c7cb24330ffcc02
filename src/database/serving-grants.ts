/** Columns by name, or all of a table, those of later migrations included. */
type Columns = readonly string[] | '*';

export interface TableGrants {
  readonly select?: Columns;
  readonly insert?: Columns;
  readonly update?: Columns;
  readonly delete?: true;
  readonly truncate?: true;
}

/**
 * What the login of a process that only serves may do; nothing else. A table that is not here is closed to it. A privilege
 * is taken away one release after the last code that uses it, as a column is: releases run side by side.
 */
export const SERVING_GRANTS: Readonly<Record<string, TableGrants>> = {
  // Secrets, and what is counted and noted with them.
  secrets: { select: '*', insert: '*', update: ['guesses_left'], delete: true },
  receipts: { select: '*', insert: '*', update: '*' },
  presses: { select: '*', insert: '*', update: '*', delete: true },
  rate_limits: { select: '*', insert: '*', update: '*', delete: true },
  key_masks: { select: '*' },
  limit_lifts: { select: '*' },
  purges: { select: '*' },
  // Who calls: hashes of tokens and sessions, and what an answer says of the account.
  accounts: { select: '*' },
  api_tokens: { select: '*', update: ['last_used_on', 'last_used_from'] },
  sessions: { select: '*', update: ['last_seen_at', 'last_seen_from'] },
  // Names and their certificates, which are sealed under the root key.
  domains: { select: '*' },
  domain_images: { select: '*' },
  domain_moves: { select: '*' },
  domain_changes: { select: '*' },
  certificates: { select: '*' },
  acme_challenges: { select: '*' },
  ticket_keys: { select: '*', insert: '*', delete: true },
  // Whether a name has a certificate, and why not. No key of an order.
  issuances: {
    select: [
      'hostname',
      'domain_id',
      'state',
      'source',
      'ca',
      'problem',
      'attempts',
      'next_at',
      'held_by',
      'renew_at',
      'ari_start',
      'ari_end',
      'ari_explanation',
    ],
  },
  // Mails and events go in and are never read.
  mails: {
    insert: ['id', 'kind', 'account_id', 'unique_key', 'key_version', 'sealed', 'give_up_at'],
  },
  mail_refusals: { select: '*', insert: ['address_hash'] },
  outbox: { insert: ['account_id', 'type', 'subject'] },
  outbox_listeners: { select: '*' },
  // The process itself.
  root_key_checks: { select: '*' },
  schema_migrations: { select: '*' },
  write_probes: { update: ['written_at'] },
  write_probe_pages: { insert: '*', truncate: true },
};

/** Whatever the list above becomes: what nobody may read or write by this login. */
export const NEVER_SERVED: Readonly<Record<string, readonly ('select' | 'write')[]>> = {
  account_passwords: ['select', 'write'],
  second_factors: ['select', 'write'],
  mails: ['select'],
  webhooks: ['select', 'write'],
  domains: ['write'],
  certificates: ['write'],
  issuances: ['write'],
  acme_accounts: ['select', 'write'],
};
