import { typedErrorSchema } from '../../../src/api/typed-errors.js';
import { TOKENS_MAX } from '../../../src/accounts/tokens/tokens.service.js';
import { AccountApi, type Json } from './account-api.js';
import { tokenRequestsOf } from './token-requests.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const { create, list, idOf } = tokenRequestsOf(() => api);

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
    const { record, as } = await create(ann, { name: 'shoré', scopes: ['read'], expires_in: 60 });
    expect(await api.signsIn(as)).toBe(true);
    await api.database.dataSource.query('update api_tokens set expires_at = now() where id = $1', [
      record.id,
    ]);
    expect(await api.signsIn(as)).toBe(false);
    expect((await list(ann)).find(({ id }) => id === record.id)).toMatchObject({
      is_expired: true,
    });
    // Its name is free again.
    await create(ann, { name: 'SHORÉ', scopes: ['read'] });
  });

  it.each<[string, Json, string]>([
    ['no name', { scopes: ['read'] }, 'name'],
    ['a blank name', { name: '  ', scopes: ['read'] }, 'name'],
    ['a long name', { name: 'x'.repeat(61), scopes: ['read'] }, 'name'],
    ['a line break', { name: 'a\nb', scopes: ['read'] }, 'name'],
    ['a line separator', { name: 'a\u2028b', scopes: ['read'] }, 'name'],
    ['a paragraph separator', { name: 'a\u2029b', scopes: ['read'] }, 'name'],
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
