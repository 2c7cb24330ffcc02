import {
  accountAnswerSchema,
  activityAnswerSchema,
} from '../../../src/api/account/account-answers.js';
import { typedErrorSchema } from '../../../src/api/typed-errors.js';
import { AccountApi, CUSTOM_HOST, NETWORK, type Json } from './account-api.js';
import { tokenRequestsOf, UNKNOWN_TOKEN } from './token-requests.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const { create, list, idOf } = tokenRequestsOf(() => api);

describe('GET /api/account', () => {
  it('shows plan, entitlements and what is used, in upstream’s fields and ours', async () => {
    const ann = await api.signUp();
    await api.claim(ann, 'shown.example.com');
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
    ['DELETE', `/tokens/${UNKNOWN_TOKEN}`],
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
