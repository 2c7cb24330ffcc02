import { Client } from 'pg';

const DOMAINS = 200_000;
const ACCOUNTS = DOMAINS / 10;

/**
 * A region with 200,000 proven domains, each with its certificate, and a day's traffic in the other tables. Of each kind
 * of work a little is due, and of some a lot.
 */
export async function fillDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of STATEMENTS) await client.query(statement);
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
  'analyze',
];
