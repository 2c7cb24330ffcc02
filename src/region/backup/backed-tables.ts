/** A table whose rows are in a backup. */
export interface BackedTable {
  readonly table: string;
  /**
   * A unique order that is the same on every server, so that what was restored can be compared with what was written. Rows
   * come after those that they refer to.
   */
  readonly order: string;
  /** Columns that a backup leaves empty. */
  readonly emptied?: readonly string[];
}

const text = (column: string): string => `${column} collate "C"`;

/** In the order in which they are written: a table comes after those that its foreign keys refer to. */
export const BACKED_TABLES: readonly BackedTable[] = [
  { table: 'key_masks', order: 'is_only' },
  { table: 'root_key_checks', order: 'version' },
  { table: 'accounts', order: 'id' },
  { table: 'account_activity', order: 'id' },
  { table: 'account_changes', order: 'account_id' },
  { table: 'account_passwords', order: 'account_id' },
  // A token refers to the one that replaced it, which is newer.
  { table: 'api_tokens', order: 'created_at desc, replaced_by nulls first, id' },
  { table: 'passkeys', order: 'id' },
  { table: 'second_factors', order: 'account_id' },
  { table: 'recovery_codes', order: 'account_id, code_hash' },
  { table: 'mail_refusals', order: 'address_hash' },
  { table: 'domains', order: 'id' },
  { table: 'domain_changes', order: 'seq' },
  { table: 'domain_events', order: 'id' },
  { table: 'domain_moves', order: 'id' },
  { table: 'domain_images', order: `domain_id, ${text('kind')}` },
  { table: 'acme_accounts', order: text('ca') },
  { table: 'acme_orders', order: text('url') },
  { table: 'ca_holds', order: `${text('ca')}, ${text('scope')}` },
  { table: 'ca_ledger', order: 'id' },
  { table: 'certificates', order: 'id' },
  { table: 'issuances', order: text('hostname') },
  { table: 'webhooks', order: 'id' },
  { table: 'outbox_listeners', order: `${text('reader')}, account_id` },
  { table: 'outbox_readers', order: text('reader') },
  { table: 'standing_notices', order: text('key') },
  { table: 'admin_audit', order: 'id' },
  // Without the key of the link the receipt of an unread secret says that the secret is gone, which it is after a restore.
  { table: 'receipts', order: 'lookup, expires_on', emptied: ['sealed_secret_key'] },
];

/** The tables that no backup has, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  secrets: 'a secret that was revealed since would come back',
  sessions: 'a session that was ended since would come back',
  pending_sign_ins: 'a started sign-in',
  passkey_challenges: 'a used challenge would be valid again',
  account_links: 'a used link would be valid again',
  email_changes: 'a change of address that was not confirmed',
  setup_links: 'a revoked link would be valid again',
  domain_transfers: 'a code that was used or cancelled since would be valid again',
  admin_keys: 'a revoked key of the operator would be valid again',
  mails: 'a mail that was sent since would be sent again',
  outbox: 'what was told since would be told again',
  webhook_deliveries: 'an event that was delivered since would be delivered again',
  webhook_attempts: 'a log of deliveries',
  idempotency_keys: 'answers of the last day',
  presses: 'answers of the last minute',
  acme_challenges: 'challenges of orders in progress',
  ticket_keys: 'keys of TLS sessions, made anew every six hours',
  serving_logins: 'logins of the database server',
  purges: 'when expired secrets were last deleted',
  ca_failures: 'failures of the last hour',
  rate_limits: 'counters',
  limit_lifts: 'lifted limits of the last hour',
  write_probes: 'probes of the database',
  write_probe_pages: 'probes of the database',
  schema_migrations: 'the names of the migrations are in the first line',
};
