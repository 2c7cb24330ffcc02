import {
  accountAnswerSchema,
  activityAnswerSchema,
  apiTokenAnswerSchema,
  newTokenAnswerSchema,
  tokenAnswerSchema,
  tokensAnswerSchema,
  type TokenRecordAnswer,
} from '../../../src/api/account/account-answers.js';
import { typedErrorSchema } from '../../../src/api/typed-errors.js';
import { TOKENS_MAX } from '../../../src/accounts/tokens/tokens.service.js';
import { AccountApi, CUSTOM_HOST, NETWORK, type Customer, type Json } from './account-api.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

async function create(customer: Customer, body: Json) {
  const answer = await api.send(customer, 'POST', '/tokens', { body });
  expect(answer.status).toBe(201);
  const { token, ...record } = newTokenAnswerSchema.parse(answer.json()).record;
  return { record, as: { ...customer, token } };
}

async function list(customer: Customer): Promise<TokenRecordAnswer[]> {
  return tokensAnswerSchema.parse((await api.send(customer, 'GET', '/tokens')).json()).records;
}

const idOf = async (customer: Customer, name: string): Promise<string> =>
  (await list(customer)).find((token) => token.name === name)?.id ?? '';

describe('GET /api/account', () => {
  it('shows plan, entitlements and what is used, in upstream’s fields and ours', async () => {
    const ann = await api.signUp();
    await api.room.domains.claim(
      { id: ann.id, email: ann.email, plan: 'identity_plus', state: 'active' },
      'shown.example.com',
    );
    await create(ann, { name: 'second', scopes: ['read'] });
    const answer = await api.send(ann, 'GET', '');
    expect(answer.status).toBe(200);
    const { record, user_id: id } = accountAnswerSchema.parse(answer.json());
    expect(id).toBe(ann.id);
    expect(record).toMatchObject({
      apitoken: null,
      email: ann.email,
      plan: 'identity_plus',
      entitlements: expect.arrayContaining(['custom_domains']),
      limits: { custom_domains: 100, secret_bytes: 100_000, secret_ttl: 30 * 86_400 },
      usage: { custom_domains: 1, api_tokens: 2, unread_secrets: 0 },
      cust: { objid: ann.id, email: ann.email, role: 'customer' },
    });
    expect(record.extid).toMatch(/^ur[0-9a-z]{25}$/);
    expect(answer.text).not.toContain(ann.token);
  });

  it('has fewer entitlements in the basic plan', async () => {
    const bob = await api.signUp('basic');
    const { record } = accountAnswerSchema.parse((await api.send(bob, 'GET', '')).json());
    expect(record.entitlements).toEqual(['api_access', 'create_secrets', 'view_receipt']);
    expect(record.limits.custom_domains).toBe(0);
  });
});

describe('who may use the account API', () => {
  it.each([
    ['GET', ''],
    ['GET', '/tokens'],
    ['POST', '/tokens'],
    ['GET', '/activity'],
    ['DELETE', `/tokens/${UNKNOWN}`],
  ] as const)(
    '%s %s needs credentials, and is unknown on a custom domain',
    async (method, path) => {
      const ann = await api.signUp();
      api.owner = ann.id;
      expect((await api.send(null, method, path)).status).toBe(401);
      expect((await api.send({ ...ann, token: '0'.repeat(40) }, method, path)).status).toBe(401);
      const there = { headers: { host: CUSTOM_HOST } };
      for (const caller of [null, ann]) {
        const answer = await api.send(caller, method, path, there);
        expect([answer.status, answer.json()['error_type']]).toEqual([404, 'NotFound']);
      }
    },
  );

  it('refuses a suspended account everything', async () => {
    const ann = await api.signUp();
    await api.accounts.suspend(ann.email);
    for (const path of ['', '/tokens', '/activity'])
      expect((await api.send(ann, 'GET', path)).status).toBe(401);
  });

  it('lets the scope read see, and only the scope account change', async () => {
    const ann = await api.signUp();
    const reader = await api.withScopes(ann, ['read']);
    const creator = await api.withScopes(ann, ['create', 'domains']);
    for (const path of ['', '/tokens', '/activity']) {
      expect((await api.send(reader, 'GET', path)).status).toBe(200);
      const refused = await api.send(creator, 'GET', path);
      expect(refused.status).toBe(403);
      expect(typedErrorSchema.parse(refused.json())).toMatchObject({
        error_type: 'Forbidden',
        code: 'SCOPE_MISSING',
      });
    }
    const body = { name: 'more', scopes: ['read'] };
    expect((await api.send(reader, 'POST', '/tokens', { body })).status).toBe(403);
    expect((await list(ann)).map(({ name }) => name)).not.toContain('more');
  });
});

describe('creating tokens', () => {
  it('shows the value once, and the token signs in with its name and scopes', async () => {
    const ann = await api.signUp();
    const { record, as } = await create(ann, {
      name: ' build server ',
      scopes: ['create', 'read', 'read'],
      expires_in: 3600,
    });
    expect(as.token).toMatch(/^[0-9a-f]{40}$/);
    expect(record).toMatchObject({ name: 'build server', scopes: ['read', 'create'] });
    const inAnHour = Date.parse(record.expires_at ?? '') - Date.parse(record.created_at);
    expect(inAnHour).toBe(3_600_000);
    const signedIn = await api.accounts.authenticate(ann.email, as.token);
    expect(signedIn?.token).toEqual({
      id: record.id,
      name: 'build server',
      scopes: ['read', 'create'],
    });
    const { text } = await api.send(ann, 'GET', '/tokens');
    expect(text).not.toContain(as.token);
    expect(text).not.toMatch(/[0-9a-f]{40}/);
  });

  it('refuses a token from its expiry on, and shows it as expired', async () => {
    const ann = await api.signUp();
    const { record, as } = await create(ann, { name: 'short', scopes: ['read'], expires_in: 60 });
    expect(await api.signsIn(as)).toBe(true);
    await api.database.dataSource.query('update api_tokens set expires_at = now() where id = $1', [
      record.id,
    ]);
    expect(await api.signsIn(as)).toBe(false);
    expect((await list(ann)).find(({ id }) => id === record.id)).toMatchObject({
      is_expired: true,
    });
    // Its name is free again.
    await create(ann, { name: 'SHORT', scopes: ['read'] });
  });

  it.each<[string, Json, string]>([
    ['no name', { scopes: ['read'] }, 'name'],
    ['a blank name', { name: '  ', scopes: ['read'] }, 'name'],
    ['a long name', { name: 'x'.repeat(61), scopes: ['read'] }, 'name'],
    ['a line break', { name: 'a\nb', scopes: ['read'] }, 'name'],
    ['no scopes', { name: 'a' }, 'scopes'],
    ['empty scopes', { name: 'a', scopes: [] }, 'scopes'],
    ['an unknown scope', { name: 'a', scopes: ['admin'] }, 'scopes.0'],
    ['an expiry of no time', { name: 'a', scopes: ['read'], expires_in: 0 }, 'expires_in'],
    ['a fraction', { name: 'a', scopes: ['read'], expires_in: 90.5 }, 'expires_in'],
    ['an endless expiry', { name: 'a', scopes: ['read'], expires_in: 1e12 }, 'expires_in'],
    ['text', { name: 'a', scopes: ['read'], expires_in: '3600' }, 'expires_in'],
  ])('refuses %s', async (_, body, field) => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'POST', '/tokens', { body });
    expect(answer.status).toBe(422);
    expect(typedErrorSchema.parse(answer.json())).toMatchObject({ field });
    expect(await list(ann)).toHaveLength(1);
  });

  it('makes one token of a request that is sent several times', async () => {
    const ann = await api.signUp();
    const body = { name: 'once', scopes: ['read'] };
    const headers = { 'idempotency-key': 'k' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.send(ann, 'POST', '/tokens', { body, headers })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 422, 422, 422, 422,
    ]);
    const again = await api.send(ann, 'POST', '/tokens', { body: { ...body, name: 'ONCE' } });
    expect(again.json()).toMatchObject({
      code: 'TOKEN_EXISTS',
      field: 'name',
      id: await idOf(ann, 'once'),
    });
  });

  it(`allows ${TOKENS_MAX} tokens, whoever comes at the same time`, async () => {
    const ann = await api.signUp();
    const statuses = await Promise.all(
      Array.from({ length: TOKENS_MAX + 3 }, async (_, index) => {
        const body = { name: `token ${index}`, scopes: ['read'] };
        return (await api.send(ann, 'POST', '/tokens', { body })).status;
      }),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(TOKENS_MAX - 1);
    expect(await list(ann)).toHaveLength(TOKENS_MAX);
  });

  it('gives no scope that the caller’s token does not have, by rotation neither', async () => {
    const ann = await api.signUp();
    const manager = await api.withScopes(ann, ['account', 'read']);
    const body = { name: 'wider', scopes: ['read', 'create'] };
    const refused = await api.send(manager, 'POST', '/tokens', { body });
    expect([refused.status, refused.json()['code']]).toEqual([403, 'SCOPE_MISSING']);
    const first = await idOf(ann, 'default');
    expect((await api.send(manager, 'POST', `/tokens/${first}/rotate`)).status).toBe(403);
    expect(await api.signsIn(ann)).toBe(true);
    await create(manager, { name: 'narrower', scopes: ['read'] });
  });
});

describe('rotating and revoking tokens', () => {
  it('keeps id, name, scopes and expiry, and the old value for the overlap', async () => {
    const ann = await api.signUp();
    const made = await create(ann, { name: 'ci', scopes: ['create'], expires_in: 86_400 });
    const answer = await api.send(ann, 'POST', `/tokens/${made.record.id}/rotate`, {
      body: { overlap: 600 },
    });
    expect(answer.status).toBe(200);
    const { token, ...record } = newTokenAnswerSchema.parse(answer.json()).record;
    expect(record).toMatchObject({
      id: made.record.id,
      name: 'ci',
      scopes: ['create'],
      expires_at: made.record.expires_at,
      replaced: [{ valid_until: expect.any(String) }],
    });
    const fresh = { ...ann, token };
    expect([await api.signsIn(made.as), await api.signsIn(fresh)]).toEqual([true, true]);
    const old = await api.accounts.authenticate(ann.email, made.as.token);
    expect(old?.token).toEqual({ id: record.id, name: 'ci', scopes: ['create'] });

    await api.send(ann, 'POST', `/tokens/${record.id}/rotate`);
    expect([await api.signsIn(made.as), await api.signsIn(fresh)]).toEqual([false, false]);
    expect((await list(ann)).find(({ id }) => id === record.id)?.replaced).toEqual([]);
  });

  it('renews an expired token only with a new expiry', async () => {
    const ann = await api.signUp();
    const { record } = await create(ann, { name: 'old', scopes: ['read'], expires_in: 60 });
    await api.database.dataSource.query('update api_tokens set expires_at = now() where id = $1', [
      record.id,
    ]);
    const path = `/tokens/${record.id}/rotate`;
    expect((await api.send(ann, 'POST', path)).json()).toMatchObject({ code: 'TOKEN_EXPIRED' });
    const renewed = await api.send(ann, 'POST', path, { body: { expires_in: null } });
    expect(newTokenAnswerSchema.parse(renewed.json()).record).toMatchObject({
      is_expired: false,
      expires_at: null,
      replaced: [],
    });
  });

  it('renews the caller’s own token by upstream’s route', async () => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'POST', '/apitoken');
    expect(answer.status).toBe(200);
    const { apitoken } = apiTokenAnswerSchema.parse(answer.json()).record;
    expect(await api.signsIn(ann)).toBe(false);
    expect(await api.signsIn({ ...ann, token: apitoken })).toBe(true);
  });

  it('revokes a token with its older values at once, and only once', async () => {
    const ann = await api.signUp();
    const { record, as } = await create(ann, { name: 'lost', scopes: ['read'] });
    const path = `/tokens/${record.id}`;
    const rotated = await api.send(ann, 'POST', `${path}/rotate`, { body: { overlap: 600 } });
    const fresh = { ...ann, token: String(rotated.record()['token']) };
    const answer = await api.send(ann, 'DELETE', path);
    expect(answer.status).toBe(200);
    expect(tokenAnswerSchema.parse(answer.json()).record.name).toBe('lost');
    expect([await api.signsIn(as), await api.signsIn(fresh)]).toEqual([false, false]);
    expect((await api.send(ann, 'DELETE', path)).status).toBe(404);
  });

  it('answers another account’s token, an unknown and a malformed id alike, and changes nothing', async () => {
    const [ann, eve] = [await api.signUp(), await api.signUp()];
    const ids = [await idOf(ann, 'default'), UNKNOWN, 'nonsense', '%00'];
    const answers = await Promise.all(
      ids.flatMap((id) => [
        api.send(eve, 'DELETE', `/tokens/${id}`),
        api.send(eve, 'POST', `/tokens/${id}/rotate`, { body: { overlap: 60 } }),
      ]),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.json()).toMatchObject({
      error: 'Token not found',
      error_type: 'RecordNotFound',
    });
    expect(await api.signsIn(ann)).toBe(true);
  });
});

describe('GET /api/account/activity', () => {
  it('says who did what, when and from where, the newest first, page by page', async () => {
    const ann = await api.signUp();
    const { record } = await create(ann, { name: 'ci', scopes: ['read'] });
    await api.send(ann, 'POST', `/tokens/${record.id}/rotate`, { body: { overlap: 60 } });
    await api.send(ann, 'DELETE', `/tokens/${record.id}`);
    await api.accounts.changePlan(ann.email, 'basic');
    await api.accounts.changePlan(ann.email, 'basic');

    const byToken = { actor: 'token', actor_name: 'default', network: NETWORK };
    const byOperator = { actor: 'operator', actor_name: 'command line', network: null };
    const pages: Json[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer = await api.send(ann, 'GET', `/activity?limit=2${after}`);
      const page = activityAnswerSchema.parse(answer.json());
      expect(page.records.length).toBeLessThanOrEqual(2);
      pages.push(...page.records);
      cursor = page.next_cursor;
    }
    expect(pages).toMatchObject([
      { action: 'account.plan_changed', subject: { plan: 'basic' }, ...byOperator },
      { action: 'token.revoked', subject: { name: 'ci' }, ...byToken },
      { action: 'token.rotated', subject: { name: 'ci', overlap: 60 }, ...byToken },
      { action: 'token.created', subject: { name: 'ci', scopes: ['read'] }, ...byToken },
      { action: 'token.created', subject: { name: 'default' }, ...byOperator },
      { action: 'account.created', ...byOperator },
    ]);
  });

  it('shows nothing of another account', async () => {
    const [ann, eve] = [await api.signUp(), await api.signUp()];
    await create(ann, { name: 'private name', scopes: ['read'] });
    const [newest] = await api.activityOf(ann);
    const answer = await api.send(eve, 'GET', `/activity?cursor=${String(newest?.['id'])}0`);
    expect(answer.text).not.toContain('private name');
  });

  it.each(['nonsense', '-1', '1e3', '9'.repeat(19)])('refuses the cursor %s', async (cursor) => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'GET', `/activity?cursor=${cursor}`);
    expect([answer.status, answer.json()['field']]).toEqual([422, 'cursor']);
  });

  it('writes a change and its line together or not at all', async () => {
    const ann = await api.signUp();
    await api.database.dataSource.query(
      `alter table account_activity add constraint refused check (action <> 'token.revoked') not valid`,
    );
    const id = await idOf(ann, 'default');
    const answer = await api.send(ann, 'DELETE', `/tokens/${id}`);
    await api.database.dataSource.query('alter table account_activity drop constraint refused');
    expect(answer.status).toBe(500);
    expect(await api.signsIn(ann)).toBe(true);
  });
});
