import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { LOOKS_AT_ONCE } from '../../../src/domains/checks/look-up-budget.js';
import { until } from '../../support/until.js';
import { aName } from '../domains/support.js';
import { DomainApi, type Json } from './domain-api.js';

let api: DomainApi;
let ann: string;

beforeAll(async () => {
  api = await DomainApi.start();
  ann = await api.signUp();
});
afterAll(() => api.close());

const claims = async (): Promise<number> => {
  const [row] = await api.database.dataSource.query<{ count: number }[]>(
    'select count(*)::int as count from domains',
  );
  return row?.count ?? -1;
};

describe('a claim', () => {
  it.each(['', '/add'])('at POST %s answers 201 with the records to create', async (path) => {
    const domain = aName();
    const answer = await api.send(ann, 'POST', path, { body: { domain } });
    expect(answer.status).toBe(201);
    const { user_id: userId, record, details } = answer.json() as Record<string, Json>;
    expect(userId).toBe(api.accountOf(ann).id);
    expect(details?.['cluster']).toMatchObject({ proxy_ip: '192.0.2.10', proxy_name: 'eu' });
    expect(record).toMatchObject({
      hostname: domain,
      display_domain: domain,
      ownership: { state: 'pending' },
      serving: { ready: false, blocked_by: ['ownership', 'certificate'] },
      records: [
        { purpose: 'ownership', type: 'TXT', action: 'add', status: 'unchecked' },
        { purpose: 'routing', type: 'CNAME', action: 'add', status: 'unchecked' },
      ],
      issues: [{ code: 'NOT_CHECKED', severity: 'info', last_checked: null }],
      routing: { state: 'unknown', checked_at: null },
    });
    expect(record?.['id']).toMatch(/^cd[0-9a-z]{18}$/);
  });

  it('again after a look has a new challenge that nobody has looked up', async () => {
    const domain = aName();
    const { id } = await api.claim(ann, domain);
    const looked = await api.send(ann, 'POST', `/${String(id)}/verify`);
    expect(looked.record()['issues']).toContainEqual(
      expect.objectContaining({ code: 'TXT_MISSING', last_checked: expect.any(String) }),
    );
    expect(await api.claim(ann, domain)).toMatchObject({
      id,
      records: [{ status: 'unchecked' }, { status: 'unchecked' }],
      issues: [{ code: 'NOT_CHECKED' }],
    });
  });

  it("of the account's own proven domain is refused with its id", async () => {
    const { id, hostname } = await api.verified(ann, aName());
    const again = await api.send(ann, 'POST', '', { body: { domain: hostname } });
    expect([again.status, again.json()]).toMatchObject([
      422,
      { error: 'Domain already registered in your organization', code: 'DOMAIN_EXISTS', id },
    ]);
    const bob = await api.signUp();
    const rival = await api.send(bob, 'POST', '', { body: { domain: hostname } });
    expect(rival.text).not.toContain(String(id));
  });

  it('normalises the name', async () => {
    const name = aName();
    const record = await api.claim(ann, ` ${name.toUpperCase()}. `);
    expect(record).toMatchObject({ hostname: name });
    const international = await api.claim(ann, 'MÜNCHEN.kunde.test');
    expect(international).toMatchObject({
      hostname: 'xn--mnchen-3ya.kunde.test',
      unicode: 'münchen.kunde.test',
    });
  });

  it('is read as JSON under any Content-Type', async () => {
    const raw = JSON.stringify({ domain: aName(), org_id: 'on1' });
    const headers = { 'content-type': 'text/plain' };
    expect((await api.send(ann, 'POST', '', { raw, headers })).status).toBe(201);
  });

  it('of a name that another account has proven is a conflict, and discloses nothing of that account', async () => {
    const bob = await api.signUp();
    const { hostname } = await api.verified(bob, aName());
    const answer = await api.send(ann, 'POST', '', { body: { domain: hostname } });
    expect(answer.status).toBe(201);
    const record = answer.record();
    expect(record).toMatchObject({ verified: false, ownership: { state: 'conflict' } });
    expect(record['issues']).toContainEqual(
      expect.objectContaining({ code: 'CONFLICT_OTHER_CLAIM', axis: 'ownership' }),
    );
    expect(answer.text).not.toContain(api.accountOf(bob).id);
    expect(answer.text).not.toContain(api.accountOf(bob).email);
  });
});

describe('a refused claim', () => {
  const enter = 'Please enter a domain';
  const invalid = 'Not a valid public domain';
  const overlap = 'This domain overlaps with the default site domain';

  it.each([
    [{}, enter, undefined],
    [{ domain: '' }, enter, 'DOMAIN_INVALID'],
    [{ domain: '  ' }, enter, 'DOMAIN_INVALID'],
    [{ domain: 7 }, enter, undefined],
    [{ domain: null }, enter, undefined],
    [{ domain: '192.0.2.1' }, invalid, 'DOMAIN_INVALID'],
    [{ domain: '[2001:db8::1]' }, invalid, 'DOMAIN_INVALID'],
    [{ domain: 'a_b.example.com' }, invalid, 'DOMAIN_INVALID'],
    [{ domain: 'https://secrets.example.com/' }, invalid, 'DOMAIN_INVALID'],
    [{ domain: 'a\u0000b.example.com' }, invalid, 'DOMAIN_INVALID'],
    [{ domain: 'co.uk' }, invalid, 'PUBLIC_SUFFIX'],
    [{ domain: 'github.io' }, invalid, 'PUBLIC_SUFFIX'],
    [{ domain: 'onetime.localhost' }, overlap, 'RESERVED_NAME'],
    [{ domain: 'x.EU.onetime.localhost.' }, overlap, 'RESERVED_NAME'],
    [{ domain: 'xn--a.example.com' }, invalid, 'IDN_INVALID'],
  ])('%j has the error: %s', async (body, error, code) => {
    const before = await claims();
    const answer = await api.send(ann, 'POST', '', { body });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({
      error,
      error_type: 'ValidationFailed',
      field: 'domain',
      request_id: 'test-request',
    });
    expect(answer.json()['code']).toBe(code);
    expect(await claims()).toBe(before);
  });

  it.each([254, 5000])('has a name of %d characters', async (length) => {
    const domain = `${'a.'.repeat(length / 2 - 2)}test`;
    const answer = await api.send(ann, 'POST', '', { body: { domain } });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ error: invalid, field: 'domain' });
  });

  it('has a hint', async () => {
    const { json } = await api.send(ann, 'POST', '', { body: { domain: '192.0.2.1' } });
    expect(json()['message']).toContain('enter a host name');
  });

  it.each(['{', '"x', '\u0001', '[{"domain":"a.example"}]', '"a.example.com"', 'domain=a.test'])(
    'has a body that is not a JSON object: %j',
    async (raw) => {
      const answer = await api.send(ann, 'POST', '', { raw });
      expect(answer.status).toBe(422);
      expect(answer.json()).toMatchObject({ error_type: 'ValidationFailed', field: 'body' });
    },
  );

  it('has a name that the account has proven already', async () => {
    const { hostname } = await api.verified(ann, aName());
    const answer = await api.send(ann, 'POST', '', { body: { domain: hostname } });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({
      error: 'Domain already registered in your organization',
      field: 'domain',
    });
  });

  it.each(['', '?dry_run=true'])(
    'is of an account without Identity Plus: POST %s',
    async (query) => {
      const basic = await api.signUp('basic');
      const answer = await api.send(basic, 'POST', query, { body: { domain: aName() } });
      expect(answer.status).toBe(403);
      expect(answer.json()).toMatchObject({
        error: expect.stringContaining('Identity Plus'),
        error_type: 'EntitlementRequired',
        entitlement: 'custom_domains',
        current_plan: 'basic',
        upgrade_to: 'identity_plus',
      });
    },
  );
});

describe('a dry run', () => {
  it('answers 200 with records and issues and stores nothing', async () => {
    const before = await claims();
    const domain = aName();
    const answer = await api.send(ann, 'POST', '?dry_run=true', { body: { domain } });
    expect(answer.status).toBe(200);
    expect(answer.record()).toMatchObject({
      id: null,
      hostname: domain,
      serving: { ready: false },
    });
    expect(answer.record()['records']).toHaveLength(2);
    expect(answer.record()['issues']).toContainEqual(
      expect.objectContaining({ code: 'TXT_MISSING' }),
    );
    expect(await claims()).toBe(before);
  });

  it('shares one budget of looks with claims and checks, which refuses before it looks', async () => {
    const carol = await api.signUp();
    const { id } = await api.claim(carol, aName());
    const dryRun = () => api.send(carol, 'POST', '?dry_run=true', { body: { domain: aName() } });
    for (let spent = 1; spent < DEFAULT_LIMITS.DOMAIN_LOOKS.burst; spent += 1)
      expect((await dryRun()).status).toBe(200);
    const looks = api.room.dns.observations;
    const refused = [
      await dryRun(),
      await api.send(carol, 'POST', '', { body: { domain: aName() } }),
      await api.send(carol, 'POST', `/${String(id)}/verify`),
    ];
    for (const answer of refused) {
      const retryAfter = Number(answer.headers['retry-after']);
      expect([answer.status, retryAfter > 0]).toEqual([429, true]);
      expect(answer.json()).toMatchObject({ error_type: 'LimitExceeded', retry_after: retryAfter });
    }
    expect(api.room.dns.observations).toBe(looks);
    const other = await api.send(ann, 'POST', '?dry_run=true', { body: { domain: aName() } });
    expect(other.status).toBe(200);
  });

  it('refuses more than so many at once with Retry-After', async () => {
    const dora = await api.signUp();
    const gate = Promise.withResolvers<void>();
    api.room.dns.gate = gate.promise;
    const before = api.room.dns.observations;
    const dryRun = () => api.send(dora, 'POST', '?dry_run=true', { body: { domain: aName() } });
    const running = Array.from({ length: LOOKS_AT_ONCE }, dryRun);
    await until('all of them look', () => api.room.dns.observations === before + LOOKS_AT_ONCE);
    const refused = await dryRun();
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2']);
    expect(refused.json()).toMatchObject({ error_type: 'LimitExceeded' });
    gate.resolve();
    for (const answer of await Promise.all(running)) expect(answer.status).toBe(200);
    expect((await dryRun()).status).toBe(200);
  });

  it('refuses what a claim refuses, and a dry_run that is neither true nor false', async () => {
    const refused = await api.send(ann, 'POST', '/add?dry_run=1', { body: { domain: 'co.uk' } });
    expect(refused.status).toBe(422);
    const unclear = await api.send(ann, 'POST', '?dry_run=maybe', { body: { domain: aName() } });
    expect(unclear.json()).toMatchObject({ field: 'dry_run' });
    expect(unclear.status).toBe(422);
  });
});

const keyed = (key: string, domain: string, who = ann) =>
  api.send(who, 'POST', '', { body: { domain }, headers: { 'idempotency-key': key } });

/** Sets the age of a key's row, and other columns. */
const age = (key: string, interval: string, columns = '') =>
  api.database.dataSource.query(
    `update idempotency_keys set ${columns} created_at = now() - $2::interval where key = $1`,
    [key, interval],
  );

describe('an Idempotency-Key', () => {
  it('runs a repeated request once and repeats its answer', async () => {
    const domain = aName();
    const first = await keyed('key-1', domain);
    const count = await claims();
    const again = await keyed('key-1', domain);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await claims()).toBe(count);
    // A repeated claim without the key has a new challenge.
    const { txt_validation_value: value } = await api.claim(ann, domain);
    expect(value).not.toBe(first.record()['txt_validation_value']);
  });

  it('is refused for a different request', async () => {
    await keyed('key-2', aName());
    const other = await keyed('key-2', aName());
    expect(other.status).toBe(422);
    expect(other.json()).toMatchObject({ field: 'Idempotency-Key' });
  });

  it('is separate for each account', async () => {
    const bob = await api.signUp();
    const domain = aName();
    const first = await keyed('key-3', domain);
    const second = await keyed('key-3', domain, bob);
    expect(second.status).toBe(201);
    expect(second.record()['id']).not.toBe(first.record()['id']);
  });

  it('can be used again after a refusal', async () => {
    expect((await keyed('key-4', 'co.uk')).status).toBe(422);
    expect((await keyed('key-4', aName())).status).toBe(201);
  });

  it('runs one of many concurrent requests, and the others get 409 or its answer', async () => {
    const domain = aName();
    const answers = await Promise.all(Array.from({ length: 8 }, () => keyed('key-5', domain)));
    const done = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(done.length + waiting.length).toBe(8);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { headers } of waiting) expect(headers['retry-after']).toBe('1');
    const [row] = await api.database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from domain_events where hostname = $1 and type = 'claimed'`,
      [domain],
    );
    expect(row?.count).toBe(1);
  });

  it('is taken over 60 seconds after its process died, and deleted after a day', async () => {
    const domain = aName();
    await keyed('key-6', domain);
    await age('key-6', '59 seconds', 'status = null, body = null,');
    expect((await keyed('key-6', domain)).status).toBe(409);
    await age('key-6', '61 seconds');
    const done = await keyed('key-6', domain);
    expect(done.status).toBe(201);
    expect((await keyed('key-6', domain)).text).toBe(done.text);
    await age('key-6', '25 hours');
    expect((await keyed('key-6', aName())).status).toBe(201);
  });

  it.each([
    ['containing a space', 'a b'],
    ['not ASCII', 'ü'],
    ['too long', 'k'.repeat(256)],
  ])('is refused when it is %s', async (_, key) => {
    const answer = await keyed(key, aName());
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ field: 'Idempotency-Key' });
  });
});
