import { Client } from 'pg';

const DOMAINS = 100_000;
const ACCOUNTS = DOMAINS / 5;

/**
 * A region with 100,000 proven domains, each with its certificate, and 20,000 rows or more in every other table that grows. Of
 * each kind of work a little is due, and of some a lot.
 */
export async function fillDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of [...STATEMENTS, ...OTHER_TABLES, 'analyze'])
      await client.query(statement);
  } finally {
    await client.end();
  }
}

const ACCOUNT_ID = (n: string): string => `lpad(to_hex(${n}), 32, '0')::uuid`;
const HOSTNAME = (n: string): string => `'host-' || ${n} || '.customer-' || ${n} || '.test'`;

const STATEMENTS = [
  'set synchronous_commit = off',
  `insert into accounts (id, email, email_key, plan)
   select ${ACCOUNT_ID('n')}, n || '@example.com', n || '@example.com', 'identity_plus' from generate_series(1, ${ACCOUNTS}) n`,
  // Half of the regular checks are due, and of the names that are being set up.
  `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label, challenge_label,
     challenge_value, ownership, verified_at, routing, pointed_at, next_check_at, check_attempts)
   select 'x' || n, ${ACCOUNT_ID(`1 + n % ${ACCOUNTS}`)}, ${HOSTNAME('n')}, 'x', 'customer-' || n || '.test', false, 'x' || n, 'x', 'x',
     case when n % 20 = 0 then 'pending' else 'verified' end, now(), 'pointed', case when n % 20 > 0 then now() end,
     now() + (random() - 0.5) * interval '6 hours', case when n % 20 = 0 then 3 else 30 end
   from generate_series(1, ${DOMAINS}) n`,
  `insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
   select ${HOSTNAME('n')}, 1, 'local', 'chain', '\\x00', 1, 'x', now(), now() + interval '80 days'
   from generate_series(1, ${DOMAINS}) n where n % 20 > 0`,
  // A mass revocation: half of the renewals are due at once.
  `insert into issuances (hostname, domain_id, registrable_domain, state, source, next_at, not_after, renew_at, urgent_at, is_urgent)
   select hostname, id, registrable_domain, 'active', 'local', now() + (random() - 0.5) * interval '6 hours', now() + interval '80 days',
     now() + interval '50 days', now() + interval '70 days', false
   from domains where ownership = 'verified'`,
  `insert into domain_events (domain_id, hostname, axis, type, at)
   select id, hostname, 'ownership', 'verified', now() - random() * interval '366 days' from domains`,
  // All reviewed but a few thousand.
  `insert into domain_changes (hostname, changed_at, review_at)
   select hostname, now() - random() * interval '61 minutes', case when random() < 0.02 then now() end from domains`,
  `insert into ca_ledger (ca, kind, hostname, registrable_domain, is_renewal, at)
   select 'ca', 'order', hostname, registrable_domain, true, now() - random() * interval '194 hours' from domains`,
  `insert into idempotency_keys (account_id, key, request_hash, created_at)
   select id, 'key', '', now() - random() * interval '25 hours' from accounts`,
  `insert into account_changes (account_id, due_at) select id, now() + interval '1 hour' from accounts`,
  // Removals and plan changes that the queue has not seen yet: the trigger makes its rows.
  `delete from accounts where id in (select id from accounts order by id limit 2)`,
  `update accounts set plan = 'basic' where id in (select id from accounts order by id desc limit 2)`,
  `update issuances set not_after = now() - interval '1 day', urgent_at = now() - interval '1 day'
   where hostname in (select hostname from issuances order by hostname limit 1000)`,
];

const N = `generate_series(1, ${ACCOUNTS}) n`;
const BYTES = 'sha256(n::text::bytea)';
/** Of the last hours, most of what has ended is not old enough to be deleted. */
const ENDED = "now() - random() * interval '1 day'";
const COMING = "now() + random() * interval '1 day'";
/** Skips the accounts that the statements above have removed. */
const EACH_ACCOUNT = '(select id, row_number() over ()::int as n from accounts) a';
const RECEIPT = (days: string): string => `
  insert into receipts (lookup, expires_on, expires_at, secret_lookup, secret_expires_on, secret_expires_at, key_version,
    account_id, state, kind, has_passphrase, recipients, ttl_seconds, value_taken)
  select ${BYTES}, (now() + ${days})::date, now() + ${days}, sha256(('s' || n)::bytea), (now() + ${days})::date, now() + ${days}, 1,
    ${ACCOUNT_ID('n')}, 'new', 'share', false, '{}', 60, false from ${N}`;
const SECRET = (days: string): string => `
  insert into secrets (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, account_id, key_version, ciphertext)
  select ${BYTES}, (now() + ${days})::date, now() + ${days}, ${BYTES}, (now() + ${days})::date, ${ACCOUNT_ID('n')}, 1, '' from ${N}`;

const OTHER_TABLES = [
  // Blocked names stay after their removal, and are old.
  `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label, challenge_label,
     challenge_value, ownership, removed_at, updated_at, blocked_at, block_reason)
   select 'b' || n, ${ACCOUNT_ID('n')}, 'blocked-' || n || '.test', 'x', 'x', false, 'b' || n, 'x', 'x', 'revoked',
     case when n % 2 = 0 then now() - interval '1 year' end, now() - interval '1 year', now() - interval '1 year', 'x' from generate_series(1, ${2 * ACCOUNTS}) n`,
  `insert into setup_links (domain_id, account_id, target_label, token_hash, expires_at)
   select id, account_id, target_label, sha256(extid::bytea), ${COMING} from domains order by id limit ${ACCOUNTS}`,
  `insert into domain_transfers (domain_id, account_id, code_hash, expires_at)
   select id, account_id, sha256(extid::bytea), ${COMING} from domains order by id limit ${ACCOUNTS}`,
  `insert into domain_moves (id, direction, domain_id, region, state, code_hash, next_look_at, expires_at)
   select id, 'out', id, 'us', 'open', sha256(extid::bytea), ${COMING}, ${COMING} from domains order by id limit ${ACCOUNTS}`,
  `insert into domain_images (domain_id, kind, version, width, height, bytes) select id, 'logo', 'x', 1, 1, '' from domains order by id limit ${ACCOUNTS}`,
  `insert into account_activity (account_id, actor, action, at) select id, 'operator', 'x', ${ENDED} from accounts`,
  `insert into account_passwords (account_id, hash, salt, memory, passes, parallelism) select id, '', '', 1, 1, 1 from accounts`,
  `insert into api_tokens (account_id, token_hash, expires_at, name) select id, ${BYTES}, ${COMING}, 'x' from ${EACH_ACCOUNT}`,
  `insert into email_changes (account_id, new_email, new_email_key, old_code_hash, new_code_hash, tries_left, expires_at)
   select id, 'x', 'x', '', '', 1, ${ENDED} from accounts`,
  `insert into sessions (value_hash, account_id, method, network, last_seen_from, expires_at)
   select ${BYTES}, id, 'password', 'x', 'x', ${ENDED} from ${EACH_ACCOUNT}`,
  `insert into pending_sign_ins (value_hash, account_id, method, tries_left, expires_at)
   select ${BYTES}, id, 'password', 1, now() from ${EACH_ACCOUNT}`,
  `insert into passkey_challenges (challenge_hash, purpose, expires_at) select ${BYTES}, 'sign_in', now() from ${N}`,
  `insert into passkeys (id, account_id, credential_id, public_key, counter, transports, name)
   select id, id, ${BYTES}, '', 0, '{}', 'x' from ${EACH_ACCOUNT}`,
  `insert into recovery_codes (account_id, code_hash) select id, '' from accounts`,
  `insert into second_factors (account_id, sealed_secret, key_version) select id, '', 1 from accounts`,
  `insert into account_links (token_hash, purpose, email, email_key, expires_at) select ${BYTES}, 'sign_up', 'x', 'x', ${ENDED} from ${N}`,
  `insert into ca_holds (ca, scope, until, reason) select 'x', n, ${ENDED}, 'ca_down' from ${N}`,
  `insert into ca_failures (ca, hostname, at) select 'x', n, now() from ${N}`,
  `insert into acme_challenges (token, hostname, type, key_authorization, expires_at) select n, n, 'http-01', 'x', now() from ${N}`,
  `insert into acme_orders (url, ca, hostname, deactivate_at)
   select n, 'x', n, case when n % 500 = 0 then now() end from ${N}`,
  `insert into presses (mark, outcome, at) select substr(${BYTES}, 1, 16), 'opened', now() from ${N}`,
  `insert into admin_audit (key_id, key_name, operation, network, request_id, status, at) select 'x', 'x', 'x', 'x', 'x', 200, ${ENDED} from ${N}`,
  `insert into limit_lifts (key, at) select '', now() - interval '3 minutes' from ${N}`,
  `insert into rate_limits (key, used, resets_at, limit_name) select ${BYTES}, 1, ${COMING}, 'REQUESTS' from ${N}`,
  `insert into mail_refusals (address_hash) select ${BYTES} from ${N}`,
  `insert into standing_notices (key, since) select n, now() from ${N}`,
  // Most mails have been sent; of those that wait, half are due.
  `insert into mails (id, kind, account_id, key_version, state, sealed, next_at, give_up_at, ended_at)
   select id, 'x', id, 1, case when n % 10 > 0 then 'sent' else 'queued' end, case when n % 10 = 0 then ''::bytea end,
     case when n % 10 = 0 then now() + (random() - 0.5) * interval '1 hour' end, ${COMING}, case when n % 10 > 0 then ${ENDED} end from ${EACH_ACCOUNT}`,
  `insert into outbox (account_id, type, subject, at, position)
   select ${ACCOUNT_ID('n')}, 'x', '{}', ${ENDED}, case when n < ${ACCOUNTS - 1500} then nextval('outbox_positions') end from ${N}`,
  `insert into outbox_listeners (reader, account_id, types) select 'webhooks', id, '{x}' from accounts`,
  `insert into webhooks (id, account_id, name, url, target, events, key_version, sealed_secret, next_at)
   select id, id, 'x', 'x', 'x' || n, '{x}', 1, '', case when n % 20 = 0 then now() end from ${EACH_ACCOUNT}`,
  `insert into webhook_deliveries (id, webhook_id, type, payload, state, next_at, give_up_at)
   select id, id, 'x', '{}', case when next_at is null then 'delivered' else 'waiting' end, next_at, ${COMING} from webhooks`,
  `insert into webhook_attempts (webhook_id, delivery_id, type, attempt, duration_ms, at) select id, id, 'x', 1, 1, ${ENDED} from webhooks`,
  RECEIPT("interval '3 days'"),
  // Past days whose rows are gone, in part or altogether.
  `create table receipts_20260102 partition of receipts for values from ('2026-01-02') to ('2026-01-03')`,
  RECEIPT("(timestamptz '2026-01-02 12:00Z' - now())"),
  SECRET("interval '3 days'"),
];
