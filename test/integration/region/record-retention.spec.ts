import { readFile } from 'node:fs/promises';
import { RecordRetentionJob } from '../../../src/region/record-retention.job.js';
import { RETENTIONS } from '../../../src/region/record-retention.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

/** One account for each row. */
const ACCOUNTS = `insert into accounts (email, email_key, plan)
  select 'x', gen_random_uuid(), 'basic' from n returning id`;

/** One webhook for each row. */
const WEBHOOKS = `, a as (${ACCOUNTS}), w as (
    insert into webhooks (id, account_id, name, url, target, events, key_version, sealed_secret)
    select gen_random_uuid(), id, 'x', 'x', 'x', '{}', 1, '' from a returning id)`;

/** Inserts two rows into each table, whose ages are `age`. */
const INSERT: Readonly<Record<string, readonly string[]>> = {
  domain_changes: [
    `insert into domain_changes (hostname, changed_at, review_at) select 'kind', now() - $1::interval, null from n`,
  ],
  domains: ['removed_at', 'updated_at'].map(
    (
      column,
    ) => `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
        challenge_label, challenge_value, ownership, ${column})
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', 'x', false, gen_random_uuid(), 'x', 'x', 'revoked',
        now() - $1::interval from n`,
  ),
  domain_events: [
    `insert into domain_events (hostname, axis, type, at) select 'x', 'serving', 'x', now() - $1::interval from n`,
  ],
  setup_links: [
    `, d as (
      insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
        challenge_label, challenge_value, ownership)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', 'x', false, gen_random_uuid(), 'x', 'x', 'pending'
      from n returning id)
     insert into setup_links (domain_id, account_id, target_label, token_hash, expires_at)
     select id, id, 'x', sha256(id::text::bytea), now() - $1::interval from d`,
  ],
  domain_moves: [
    `, d as (
      insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
        challenge_label, challenge_value, ownership)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', 'x', false, gen_random_uuid(), 'x', 'x', 'verified'
      from n returning id)
     insert into domain_moves (id, direction, domain_id, region, state, expires_at)
     select id, 'in', id, 'us', 'done', now() - $1::interval from d`,
  ],
  domain_transfers: [
    `, d as (
      insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
        challenge_label, challenge_value, ownership)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', 'x', false, gen_random_uuid(), 'x', 'x', 'verified'
      from n returning id)
     insert into domain_transfers (domain_id, account_id, code_hash, expires_at)
     select id, id, sha256(id::text::bytea), now() - $1::interval from d`,
  ],
  account_activity: [
    `, a as (${ACCOUNTS}) insert into account_activity (account_id, actor, action, at)
     select id, 'operator', 'x', now() - $1::interval from a`,
  ],
  api_tokens: [
    `, a as (${ACCOUNTS}) insert into api_tokens (account_id, token_hash, expires_at)
     select id, sha256(id::text::bytea), now() - $1::interval from a`,
  ],
  email_changes: [
    `, a as (${ACCOUNTS}) insert into email_changes
       (account_id, new_email, new_email_key, old_code_hash, new_code_hash, tries_left, expires_at)
     select id, 'x', 'x', '', '', 1, now() - $1::interval from a`,
  ],
  sessions: [
    `, a as (${ACCOUNTS}) insert into sessions (value_hash, account_id, method, network, last_seen_from, expires_at)
     select sha256(id::text::bytea), id, 'password', 'x', 'x', now() - $1::interval from a`,
  ],
  pending_sign_ins: [
    `, a as (${ACCOUNTS}) insert into pending_sign_ins (value_hash, account_id, method, tries_left, expires_at)
     select sha256(id::text::bytea), id, 'password', 1, now() - $1::interval from a`,
  ],
  passkey_challenges: [
    `insert into passkey_challenges (challenge_hash, purpose, expires_at)
     select sha256(gen_random_uuid()::text::bytea), 'sign_in', now() - $1::interval from n`,
  ],
  account_links: [
    `insert into account_links (token_hash, purpose, email, email_key, expires_at)
     select sha256(gen_random_uuid()::text::bytea), 'sign_up', 'x', 'x', now() - $1::interval from n`,
  ],
  certificates: [
    `insert into certificates (hostname, version, source, chain_pem, key_version, serial, not_before, destroyed_at, superseded_at, not_after)
     select gen_random_uuid(), 1, 'local', 'x', 1, 'x', now(), now(), now(), now() - $1::interval from n`,
  ],
  issuances: [
    `insert into issuances (hostname, registrable_domain, updated_at) select gen_random_uuid(), 'x', now() - $1::interval from n`,
  ],
  ca_ledger: [
    `insert into ca_ledger (ca, kind, hostname, registrable_domain, is_renewal, at)
     select 'x', 'order', 'x', 'x', false, now() - $1::interval from n`,
  ],
  ca_holds: [
    `insert into ca_holds (ca, scope, until, reason) select 'x', gen_random_uuid(), now() - $1::interval, 'ca_down' from n`,
  ],
  ca_failures: [
    `insert into ca_failures (ca, hostname, at) select 'x', gen_random_uuid(), now() - $1::interval from n`,
  ],
  acme_challenges: [
    `insert into acme_challenges (token, hostname, type, key_authorization, expires_at)
     select gen_random_uuid(), 'x', 'http-01', 'x', now() - $1::interval from n`,
  ],
  acme_orders: [
    `insert into acme_orders (url, ca, hostname, created_at)
     select gen_random_uuid(), 'x', 'x', now() - $1::interval from n`,
  ],
  webhook_attempts: [
    `${WEBHOOKS} insert into webhook_attempts (webhook_id, delivery_id, type, attempt, duration_ms, at)
     select id, id, 'x', 1, 1, now() - $1::interval from w`,
  ],
  webhook_deliveries: [
    `${WEBHOOKS} insert into webhook_deliveries (id, webhook_id, type, payload, give_up_at, created_at)
     select id, id, 'x', '{}', now(), now() - $1::interval from w`,
  ],
  presses: [
    `insert into presses (mark, outcome, at)
     select decode(md5(gen_random_uuid()::text), 'hex'), 'opened', now() - $1::interval from n`,
  ],
  outbox: [
    `insert into outbox (account_id, type, subject, at) select gen_random_uuid(), 'x', '{}', now() - $1::interval from n`,
  ],
  mails: [
    `insert into mails (id, kind, key_version, state, next_at, give_up_at, ended_at)
     select gen_random_uuid(), 'x', 1, 'sent', null, now(), now() - $1::interval from n`,
  ],
  standing_notices: [
    `insert into standing_notices (key, since) select gen_random_uuid(), now() - $1::interval from n`,
  ],
  admin_audit: [
    `insert into admin_audit (key_id, key_name, operation, network, request_id, status, at)
     select 'x', 'x', 'x', 'x', 'x', 200, now() - $1::interval from n`,
  ],
  limit_lifts: [`insert into limit_lifts (key, at) select '', now() - $1::interval from n`],
  idempotency_keys: [
    `insert into idempotency_keys (account_id, key, request_hash, created_at)
     select gen_random_uuid(), 'x', '', now() - $1::interval from n`,
  ],
};

describe(RecordRetentionJob, () => {
  let database: TestDatabase;
  let job: RecordRetentionJob;

  beforeAll(async () => {
    database = await openTestDatabase();
    job = new RecordRetentionJob(database.dataSource);
  });
  afterAll(() => database.close());

  async function count(table: string): Promise<number> {
    const [row] = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from ${table}`,
    );
    return row?.count ?? -1;
  }

  async function insert(table: string, rows: number, age: string): Promise<void> {
    for (const statement of INSERT[table] ?? [])
      await database.dataSource.query(
        `with n as (select generate_series(1, ${rows})) ${statement}`,
        [age],
      );
  }

  it.each([...new Set(RETENTIONS.map(({ table }) => table))])(
    'deletes the rows of %s whose time is over, and no others',
    async (table) => {
      const { keptFor } = RETENTIONS.find((each) => each.table === table)!;
      const statements = INSERT[table]!.length;
      expect(statements).toBe(RETENTIONS.filter((each) => each.table === table).length);
      // More than one batch.
      await insert(table, 1200, `${keptFor} 1 minute`);
      await insert(table, 2, keptFor.replace(/(\d+) (\w+)/, '$1 $2 -1 minutes'));
      await job.round();
      expect(await count(table)).toBe(2 * statements);
      await database.dataSource.query(`truncate ${table} cascade`);
    },
  );

  it('keeps a current certificate, even an expired one, and an announcement that is not reviewed', async () => {
    await insert('certificates', 1, '31 days');
    await database.dataSource.query('update certificates set superseded_at = null');
    await database.dataSource.query(
      `insert into domain_changes (hostname, changed_at) values ('x', now() - interval '1 day')`,
    );
    await job.round();
    expect([await count('certificates'), await count('domain_changes')]).toEqual([1, 1]);
  });

  it('keeps names that are blocked, and claims that have not ended', async () => {
    const claim = (hostname: string, columns: string) =>
      database.dataSource.query(
        `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
           challenge_label, challenge_value, created_at, updated_at, ownership, removed_at, blocked_at)
         select gen_random_uuid(), gen_random_uuid(), $1, 'x', 'x', false, gen_random_uuid(), 'x', 'x',
           long_ago, long_ago, ${columns} from (select now() - interval '100 days' as long_ago) as t`,
        [hostname],
      );
    await database.dataSource.query('truncate domains cascade');
    await claim('removed-and-blocked', `'revoked', long_ago, long_ago`);
    await claim('ended-and-blocked', `'revoked', null, long_ago`);
    await claim('pending', `'pending', null, null`);
    await claim('verified', `'verified', null, null`);
    await claim('removed', `'revoked', long_ago, null`);
    await claim('ended', `'revoked', null, null`);
    await job.round();
    const left = await database.dataSource.query<{ hostname: string }[]>(
      'select hostname from domains order by hostname',
    );
    expect(left.map(({ hostname }) => hostname)).toEqual([
      'ended-and-blocked',
      'pending',
      'removed-and-blocked',
      'verified',
    ]);
    await database.dataSource.query('truncate domains cascade');
  });

  it('keeps what docs/operations.md says', async () => {
    const text = (await readFile('docs/operations.md', 'utf8')).replaceAll(/ +/g, ' ');
    for (const { table, rows, keptFor } of RETENTIONS)
      expect(text).toContain(`| \`${table}\` | ${rows} | ${keptFor} |`);
  });
});
