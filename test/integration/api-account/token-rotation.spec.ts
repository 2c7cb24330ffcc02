import {
  apiTokenAnswerSchema,
  newTokenAnswerSchema,
  tokenAnswerSchema,
} from '../../../src/api/account/account-answers.js';
import { AccountApi, type Customer } from './account-api.js';
import { tokenRequestsOf, UNKNOWN_TOKEN } from './token-requests.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const { create, list, idOf } = tokenRequestsOf(() => api);

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
    const ids = [await idOf(ann, 'default'), UNKNOWN_TOKEN, 'nonsense', '%00'];
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

describe('a token that is revoked while its requests are on their way', () => {
  it.each<[string, (attacker: Customer, index: number) => Promise<number>]>([
    [
      'makes no token that outlives it',
      async (as, index) => {
        const body = { name: `left ${index}`, scopes: ['read'] };
        return (await api.send(as, 'POST', '/tokens', { body })).status;
      },
    ],
    [
      'renews no other token',
      async (as) => {
        const id = await idOf(as, 'victim');
        return id === '' ? 401 : (await api.send(as, 'POST', `/tokens/${id}/rotate`)).status;
      },
    ],
  ])('%s', async (_, act) => {
    const ann = await api.signUp();
    const victim = await api.withScopes(ann, ['read'], 'victim');
    const lost = await create(ann, { name: 'lost', scopes: ['account', 'read'] });
    const { revoked, late } = await api.behindLock(ann, async (waiting) => {
      const first = api.send(ann, 'DELETE', `/tokens/${lost.record.id}`);
      await waiting(1);
      const others = Promise.all(Array.from({ length: 3 }, (_each, index) => act(lost.as, index)));
      await waiting(4);
      return { revoked: first, late: others };
    });
    expect((await revoked).status).toBe(200);
    expect(await late).toEqual([401, 401, 401]);
    expect((await list(ann)).map(({ name }) => name).toSorted()).toEqual(['default', 'victim']);
    expect(await api.signsIn(victim)).toBe(true);
  });
});
