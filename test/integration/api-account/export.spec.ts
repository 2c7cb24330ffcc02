import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Account } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { exportSchema } from '../../../src/api/account/account-answers.js';
import { TransferOffers } from '../../../src/domains/claims/transfer-offers.js';
import { ReceiptExport } from '../../../src/secrets/receipt-export.js';
import { concealFor } from '../../support/conceal-for.js';
import { settings } from '../domains/support.js';
import { AccountApi, NETWORK, type Customer } from './account-api.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const accountOf = ({ id, email }: Customer): Account => ({
  id,
  email,
  plan: 'identity_plus',
  state: 'active',
});
const claim = (customer: Customer, name: string) => api.claim(customer, name);

const query = (text: string, values: unknown[] = []) =>
  api.database.dataSource.query<Record<string, unknown>[]>(text, values);

async function download(customer: Customer) {
  const answer = await api.send(customer, 'GET', '/export');
  expect(answer.status).toBe(200);
  return { ...answer, file: exportSchema.parse(answer.json()) };
}

describe('the export of an account', () => {
  it('is one JSON file with everything that is kept, and says so in the activity', async () => {
    const ann = await api.signUp();
    await claim(ann, 'kept.exported.com');
    const removed = await claim(ann, 'removed.exported.com');
    await api.room.domains.remove(ann.id, removed.extid);
    await concealFor(api.database, ann.id);
    const change = { body: { email: 'exported@example.net' }, headers: { 'idempotency-key': 'k' } };
    await api.send(ann, 'POST', '/email-change', change);

    await api.database.dataSource.query(
      `insert into setup_links (domain_id, account_id, target_label, token_hash, expires_at)
       select id, account_id, target_label, sha256('x'), now() + interval '1 day' from domains
       where hostname = 'kept.exported.com'`,
    );
    await api.database.dataSource.query(
      `insert into domain_images (domain_id, kind, version, width, height, bytes)
       select id, kind, 'v', 3, 2, decode(repeat('ab', 100), 'hex') from domains, unnest($1::text[]) as kind
       where hostname = 'kept.exported.com'`,
      [['logo', 'logo-dark']],
    );
    await api.database.dataSource.query(
      `update domains set look = '{"brand":{"product_name":"Acme"}}' where hostname = 'kept.exported.com'`,
    );
    const { file, headers } = await download(ann);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="onetime-account.json"',
    });
    expect(file).toMatchObject({
      account: { id: ann.id, email: ann.email, plan: 'identity_plus', state: 'active' },
      email_change: { new_email: 'exported@example.net', old_confirmed_at: null },
      tokens: [{ name: 'default' }],
      domains: [
        {
          hostname: 'kept.exported.com',
          ownership: 'pending',
          removed_at: null,
          policy: { max_ttl: null, opens_on_region_host: true },
          brand: { product_name: 'Acme' },
        },
        { hostname: 'removed.exported.com', removed_at: expect.any(String) },
      ],
      setup_links: [{ domain: expect.any(String), expires_at: expect.any(String) }],
      domain_images: ['logo', 'logo-dark'].map((kind) => ({
        kind,
        width: 3,
        encoded: Buffer.alloc(100, 0xab).toString('base64'),
      })),
      secrets: [{ kind: 'share', state: 'new', recipients: ['somebody@example.com'] }],
      idempotency_keys: [{ key: 'k', status: 202 }],
    });
    expect(
      file.domain_events.map(({ hostname, type }) => `${String(hostname)} ${String(type)}`),
    ).toEqual([
      'kept.exported.com claimed',
      'removed.exported.com released',
      'removed.exported.com claimed',
    ]);
    expect(file.activity[0]).toMatchObject({
      action: 'account.exported',
      actor: 'token',
      actor_name: 'default',
      network: NETWORK,
    });
    expect(file.activity).toHaveLength(7);
  });

  it('has the names of a pair, the offers and the moves of domains, and no code', async () => {
    const [ann, bob] = [await api.signUp(), await api.signUp()];
    const main = await claim(ann, 'paired.com');
    await query(
      `update domains set ownership = 'verified', delegation = 'ready', delegated_at = now() where extid = $1`,
      [main.extid],
    );
    await api.room.domains.claim(accountOf(ann), 'paired.com', undefined, { isPair: true });
    const offers = new TransferOffers(api.database.dataSource, settings);
    const given = await claim(ann, 'given.paired.com');
    await query(`update domains set ownership = 'verified' where extid = $1`, [given.extid]);
    const { code } = await offers.offer(ann.id, given.extid, COMMAND_LINE);
    await offers.accept(accountOf(bob), code, COMMAND_LINE);
    const { code: open } = await offers.offer(ann.id, main.extid, COMMAND_LINE, 'us' as never);
    await query(
      `insert into domain_moves (id, direction, domain_id, region, state, expires_at)
       select gen_random_uuid(), 'in', id, 'us', 'done', now() from domains where extid = $1`,
      [main.extid],
    );

    const { file, text } = await download(ann);
    const names = (list: readonly Record<string, unknown>[]) =>
      list.map(({ hostname, main: to }) => [hostname, to]);
    expect(new Set(names(file.domains))).toEqual(
      new Set([
        ['paired.com', null],
        ['www.paired.com', 'paired.com'],
      ]),
    );
    expect(file.domains.find(({ hostname }) => hostname === 'paired.com')).toMatchObject({
      target_label: expect.stringMatching(/^[0-9a-z]{16}$/),
      delegation: 'ready',
      delegated_at: expect.any(String),
    });
    expect(file.domain_transfers).toMatchObject([
      { hostname: 'paired.com', state: 'offered', region: 'us' },
      { domain: given.extid, hostname: 'given.paired.com', state: 'completed', region: null },
    ]);
    expect(file.domain_moves).toMatchObject([
      {
        domain: main.extid,
        direction: 'in',
        region: 'us',
        state: 'done',
        heard_at: null,
        silence: null,
      },
    ]);
    for (const hidden of [code, open]) expect(text).not.toContain(hidden.slice(3));
    const others = await download(bob);
    expect(others.file).toMatchObject({ domain_transfers: [], domain_moves: [] });
    expect(others.text).not.toContain(ann.id);
  });

  it('has nothing of another account', async () => {
    const [ann, eve] = [await api.signUp(), await api.signUp()];
    await claim(ann, 'private.exported.com');
    await concealFor(api.database, ann.id);
    const { file, text } = await download(eve);
    expect(file).toMatchObject({
      domains: [],
      domain_images: [],
      domain_events: [],
      secrets: [],
      email_change: null,
    });
    expect(text).not.toContain(ann.email);
    expect(text).not.toContain('private.exported.com');
  });

  it('has no token, hash, key or ciphertext in it', async () => {
    const ann = await api.signUp();
    await concealFor(api.database, ann.id);
    await api.send(ann, 'POST', '/email-change', { body: { email: 'hashed@example.net' } });
    await signInWays(ann.id);
    const domain = await claim(ann, 'hashed.exported.com');
    await query(`update domains set ownership = 'verified' where extid = $1`, [domain.extid]);
    const offers = new TransferOffers(api.database.dataSource, settings);
    await offers.offer(ann.id, domain.extid, COMMAND_LINE);
    const { file, text } = await download(ann);
    expect(file).toMatchObject({
      sign_in_factors: [{ kind: 'password' }, { kind: 'totp', codes_left: 1 }, { kind: 'link' }],
      passkeys: [{ name: 'My phone', last_used_on: null }],
      sessions: [{ method: 'passkey', agent: 'Firefox, Linux', network: NETWORK }],
    });
    expect(text).not.toContain(ann.token);
    const rows = await query(
      `select encode(v, 'hex') as hex, encode(v, 'base64') as base64 from (
         select token_hash as v from api_tokens where account_id = $1
         union all select code_hash from domain_transfers where account_id = $1
         union all select old_code_hash from email_changes where account_id = $1
         union all select new_code_hash from email_changes where account_id = $1
         union all select unnest(array[hash, salt]) from account_passwords where account_id = $1
         union all select sealed_secret from second_factors where account_id = $1
         union all select code_hash from recovery_codes where account_id = $1
         union all select token_hash from account_links where account_id = $1
         union all select unnest(array[credential_id, public_key]) from passkeys where account_id = $1
         union all select value_hash from sessions where account_id = $1
         union all select unnest(array[lookup, secret_lookup, sealed_secret_key, sealed_metadata_key])
           from receipts where account_id = $1
         union all select unnest(array[lookup, ciphertext]) from secrets where account_id = $1
       ) as hidden`,
      [ann.id],
    );
    expect(rows).toHaveLength(18);
    for (const { hex, base64 } of rows) {
      expect(text).not.toContain(String(hex));
      expect(text).not.toContain(String(base64).slice(0, 20));
    }
    expect(text).not.toMatch(/"type":"Buffer"|\\\\x/);
  });

  it('has each of many records once, whatever the pages and equal instants', async () => {
    const ann = await api.signUp();
    await query(
      `insert into receipts (lookup, expires_on, expires_at, secret_lookup, secret_expires_on, secret_expires_at, key_version,
         account_id, kind, has_passphrase, recipients, ttl_seconds, created_at, updated_at)
       select sha256(n::text::bytea), current_date + 1, now() + interval '1 day', sha256(n::text::bytea), current_date + 1,
         now() + interval '1 day', 1, $1, 'share', false, '{}', n, now() - interval '1 hour', now() - n % 3 * interval '1 minute'
       from generate_series(1, 1700) n`,
      [ann.id],
    );
    await query(
      `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label, challenge_label,
         challenge_value, created_at, removed_at)
       select 'm' || n, $1, n || '.many.test', 'x', 'many.test', false, 'm' || n, 'x', 'x', now() - n % 2 * interval '1 hour',
         case when n > 250 then now() end from generate_series(1, 500) n`,
      [ann.id],
    );
    await query(
      `insert into domain_events (domain_id, hostname, axis, type)
       select id, hostname, 'serving', n::text from domains, generate_series(1, 600) n where extid in ('m1', 'm300')`,
    );
    await query(
      `insert into account_activity (account_id, actor, action) select $1, 'operator', n::text from generate_series(1, 1200) n`,
      [ann.id],
    );
    await query(
      `insert into idempotency_keys (account_id, key, request_hash) select $1, n::text, '' from generate_series(1, 1100) n`,
      [ann.id],
    );
    const { file } = await download(ann);
    const distinct = (list: readonly Record<string, unknown>[], field: string) =>
      new Set(list.map((each) => each[field])).size;
    expect([file.secrets.length, distinct(file.secrets, 'ttl_seconds')]).toEqual([1700, 1700]);
    expect([file.domains.length, distinct(file.domains, 'hostname')]).toEqual([500, 500]);
    expect([file.domain_events.length, distinct(file.domain_events, 'type')]).toEqual([1200, 600]);
    expect([file.activity.length, distinct(file.activity, 'action')]).toEqual([1203, 1203]);
    expect(file.idempotency_keys).toHaveLength(1100);
  });

  it('is cut off, never ended as if it were whole, when it fails on the way', async () => {
    const ann = await api.signUp();
    jest.spyOn(ReceiptExport.prototype, 'pages').mockImplementationOnce(() => {
      throw new Error('away');
    });
    const text = await api.send(ann, 'GET', '/export').then(
      (answer) => answer.text,
      () => '',
    );
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect((await download(ann)).file.secrets).toEqual([]);
  });

  it('needs the scope account', async () => {
    const ann = await api.signUp();
    const reader = await api.withScopes(ann, ['read', 'create', 'domains']);
    expect((await api.send(reader, 'GET', '/export')).status).toBe(403);
  });
});

/** A password, an authenticator app with a recovery code, a link, a passkey and a session. */
async function signInWays(id: string): Promise<void> {
  const random = (): Buffer => randomBytes(32);
  await query(
    `insert into account_passwords (account_id, hash, salt, memory, passes, parallelism) values ($1, $2, $3, 1, 1, 1)`,
    [id, random(), random()],
  );
  await query(
    `insert into second_factors (account_id, sealed_secret, key_version, confirmed_at) values ($1, $2, 1, now())`,
    [id, random()],
  );
  await query('insert into recovery_codes (account_id, code_hash) values ($1, $2)', [id, random()]);
  await query(
    `insert into account_links (token_hash, purpose, email, email_key, account_id, expires_at)
     values ($2, 'password', 'x', 'x', $1, now())`,
    [id, random()],
  );
  await query(
    `insert into passkeys (account_id, credential_id, public_key, counter, transports, name)
     values ($1, $2, $3, 0, '{}', 'My phone')`,
    [id, random(), random()],
  );
  await query(
    `insert into sessions (account_id, value_hash, method, agent, network, last_seen_from, expires_at)
     values ($1, $2, 'passkey', 'Firefox, Linux', $3, $3, now())`,
    [id, random(), NETWORK],
  );
}
