import { accountAnswerSchema } from '../../../src/api/account/account-answers.js';
import { AccountApi } from './account-api.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const settingsOf = (answer: Awaited<ReturnType<AccountApi['send']>>) => {
  expect(answer.status).toBe(200);
  const { language, cust } = accountAnswerSchema.parse(answer.json()).record;
  return { language, locale: cust.locale };
};

describe('the language of an account', () => {
  it('is the default until one is chosen, and again with null', async () => {
    const ann = await api.signUp();
    const other = await api.signUp();
    const unset = { language: null, locale: 'en' };
    expect(settingsOf(await api.send(ann, 'GET', ''))).toEqual(unset);
    const german = { language: 'de', locale: 'de' };
    const chosen = await api.send(ann, 'PATCH', '', { body: { language: 'de' } });
    expect(settingsOf(chosen)).toEqual(german);
    expect(settingsOf(await api.send(ann, 'PATCH', '', { body: {} }))).toEqual(german);
    expect(settingsOf(await api.send(ann, 'GET', ''))).toEqual(german);
    expect(settingsOf(await api.send(other, 'GET', ''))).toEqual(unset);
    const back = await api.send(ann, 'PATCH', '', { body: { language: null } });
    expect(settingsOf(back)).toEqual(unset);
    const changes = (await api.activityOf(ann)).filter(
      ({ action }) => action === 'account.language_changed',
    );
    expect(changes.map(({ subject }) => subject)).toEqual([{ language: null }, { language: 'de' }]);
  });

  it.each(['xx', 'DE', '', 7, ['de']])('is not %j', async (language) => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'PATCH', '', { body: { language } });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('language is one of en, de, fr, es, nl, ar, or null');
    expect(settingsOf(await api.send(ann, 'GET', '')).language).toBeNull();
  });

  it('is changed by a token with the scope account only', async () => {
    const ann = await api.signUp();
    const reader = await api.withScopes(ann, ['read', 'create', 'domains']);
    const answer = await api.send(reader, 'PATCH', '', { body: { language: 'fr' } });
    expect(answer.status).toBe(403);
    expect(settingsOf(await api.send(reader, 'GET', '')).language).toBeNull();
  });
});

describe('the notices of an account', () => {
  const getsNotices = async (answer: ReturnType<AccountApi['send']>): Promise<boolean> =>
    accountAnswerSchema.parse((await answer).json()).record.notices;

  it('are on until they are turned off, and can be turned on again', async () => {
    const ann = await api.signUp();
    const other = await api.signUp();
    const change = (notices: boolean) =>
      getsNotices(api.send(ann, 'PATCH', '', { body: { notices } }));
    expect(await getsNotices(api.send(ann, 'GET', ''))).toBe(true);
    expect([await change(false), await change(false)]).toEqual([false, false]);
    expect(await getsNotices(api.send(ann, 'GET', ''))).toBe(false);
    expect(await getsNotices(api.send(other, 'GET', ''))).toBe(true);
    expect((await api.send(ann, 'GET', '/export')).json()).toMatchObject({
      account: { notices: false },
    });
    expect(await change(true)).toBe(true);
    const changes = (await api.activityOf(ann)).filter(
      ({ action }) => action === 'account.notices_changed',
    );
    expect(changes.map(({ subject }) => subject)).toEqual([{ notices: true }, { notices: false }]);
  });

  it('are true or false', async () => {
    const answer = await api.send(await api.signUp(), 'PATCH', '', { body: { notices: 'off' } });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('notices is true or false');
  });
});
