import { emailChangeAnswerSchema } from '../../../src/api/account/account-answers.js';
import type { AccountMessage } from '../../../src/accounts/email-change/account-mail.js';
import { AccountApi, type Customer } from './account-api.js';

let api: AccountApi;
let addresses = 0;
beforeAll(async () => {
  api = await AccountApi.start();
});
beforeEach(() => {
  api.mail.isConfigured = true;
  api.mail.accepted.length = 0;
});
afterAll(() => api.close());

function newAddress(): string {
  addresses += 1;
  return `New-${addresses}@example.net`;
}

async function request(customer: Customer, email: string) {
  const answer = await api.send(customer, 'POST', '/email-change', { body: { email } });
  expect(answer.status).toBe(202);
  return emailChangeAnswerSchema.parse(answer.json()).record;
}

const confirm = (customer: Customer, code: string) =>
  api.send(customer, 'POST', '/email-change/confirm', { body: { code } });

/** The code of the last message of this kind. */
function codeOf(kind: AccountMessage['kind']): string {
  const message = api.mail.accepted.findLast((each) => each.kind === kind);
  return message !== undefined && 'code' in message ? message.code : '';
}

describe('a change of address', () => {
  it.each([
    ['email_change_old', 'email_change_new'],
    ['email_change_new', 'email_change_old'],
  ] as const)('needs the codes of both addresses: %s, then %s', async (first, second) => {
    const ann = await api.signUp();
    const email = newAddress();
    expect(await request(ann, ` ${email} `)).toMatchObject({
      state: 'pending',
      email,
      old_confirmed: false,
      new_confirmed: false,
    });
    expect(api.mail.accepted).toMatchObject([
      { kind: 'email_change_old', to: ann.email, newEmail: email, accountId: ann.id },
      { kind: 'email_change_new', to: email, accountId: ann.id },
    ]);
    const half = await confirm(ann, codeOf(first).toUpperCase());
    expect(emailChangeAnswerSchema.parse(half.json()).record).toMatchObject({
      state: 'pending',
      old_confirmed: first === 'email_change_old',
      new_confirmed: first === 'email_change_new',
    });
    // The same code again proves the same address.
    expect((await confirm(ann, codeOf(first))).json()).toMatchObject({
      record: { state: 'pending' },
    });
    expect(await api.signsIn(ann)).toBe(true);

    const whole = await confirm(ann, codeOf(second));
    expect(emailChangeAnswerSchema.parse(whole.json()).record).toMatchObject({
      state: 'changed',
      email,
    });
    const moved = { ...ann, email };
    expect([await api.signsIn(ann), await api.signsIn(moved)]).toEqual([false, true]);
    expect(api.mail.accepted.at(-1)).toEqual({
      kind: 'email_changed',
      accountId: ann.id,
      to: ann.email,
      newEmail: email,
    });
    expect((await confirm(moved, codeOf(second))).status).toBe(404);
    expect((await api.activityOf(moved)).slice(0, 2)).toMatchObject([
      { action: 'email.changed', subject: { email }, actor_name: 'default' },
      { action: 'email.address_confirmed' },
    ]);
  });

  it('ends after ten wrong codes, also with the right one, whoever comes at the same time', async () => {
    const ann = await api.signUp();
    await request(ann, newAddress());
    const wrong = await Promise.all(
      Array.from({ length: 12 }, () => confirm(ann, 'aaaa-bbbb-cccc-dddd')),
    );
    const codes = wrong.map((answer) => String(answer.json()['code']));
    expect(codes.filter((code) => code === 'CODE_WRONG')).toHaveLength(9);
    expect(codes.filter((code) => code === 'CODE_TRIES_USED_UP')).toHaveLength(3);
    for (const kind of ['email_change_old', 'email_change_new'] as const)
      expect((await confirm(ann, codeOf(kind))).json()).toMatchObject({
        code: 'CODE_TRIES_USED_UP',
      });
    expect(await api.signsIn(ann)).toBe(true);
    await request(ann, newAddress());
    expect((await confirm(ann, codeOf('email_change_old'))).status).toBe(200);
  });

  it('is void when it has expired, was cancelled, or was asked for anew', async () => {
    const ann = await api.signUp();
    await request(ann, newAddress());
    const [old, fresh] = [codeOf('email_change_old'), codeOf('email_change_new')];
    await request(ann, newAddress());
    for (const code of [old, fresh])
      expect((await confirm(ann, code)).json()).toMatchObject({ code: 'CODE_WRONG' });

    const current = codeOf('email_change_old');
    await api.database.dataSource.query(
      `update email_changes set expires_at = now() where account_id = $1`,
      [ann.id],
    );
    expect((await confirm(ann, current)).status).toBe(404);
    expect((await api.send(ann, 'GET', '/email-change')).status).toBe(404);

    await request(ann, newAddress());
    expect((await api.send(ann, 'DELETE', '/email-change')).status).toBe(200);
    expect((await confirm(ann, codeOf('email_change_old'))).status).toBe(404);
    expect((await api.send(ann, 'DELETE', '/email-change')).status).toBe(404);
  });

  it('is confirmed or cancelled, whichever comes first, when both come at the same time', async () => {
    const ann = await api.signUp();
    const outcomes: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      await request(ann, newAddress());
      const answers = await Promise.all([
        confirm(ann, codeOf('email_change_old')),
        api.send(ann, 'DELETE', '/email-change'),
        confirm(ann, codeOf('email_change_old')),
        api.send(ann, 'DELETE', '/email-change'),
      ]);
      outcomes.push(...answers.map(({ status }) => status));
    }
    expect(outcomes.filter((status) => status !== 200 && status !== 404)).toEqual([]);
  });

  it('does not tell whose address is taken, and never gives it to a second account', async () => {
    const [ann, bob] = [await api.signUp(), await api.signUp()];
    const free = await api.send(ann, 'POST', '/email-change', { body: { email: newAddress() } });
    const taken = await api.send(ann, 'POST', '/email-change', {
      body: { email: bob.email.toUpperCase() },
    });
    expect([taken.status, Object.keys(taken.record())]).toEqual([
      free.status,
      Object.keys(free.record()),
    ]);
    expect(api.mail.accepted.at(-1)).toEqual({
      kind: 'email_in_use',
      accountId: ann.id,
      to: bob.email.toUpperCase(),
    });

    // Two accounts ask for one free address, and both have its codes.
    const email = newAddress();
    for (const customer of [ann, bob]) {
      await request(customer, email);
      await confirm(customer, codeOf('email_change_old'));
    }
    const codes = api.mail.accepted.flatMap((message) =>
      message.kind === 'email_change_new' && message.to === email ? [message] : [],
    );
    const answers = await Promise.all(
      [ann, bob].map((customer) =>
        confirm(customer, codes.find(({ accountId }) => accountId === customer.id)?.code ?? ''),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422]);
  });

  it('keeps only hashes of the codes, and no code in an answer or the activity', async () => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'POST', '/email-change', { body: { email: newAddress() } });
    const shown = await api.send(ann, 'GET', '/email-change');
    const [{ dump }] = await api.database.dataSource.query<[{ dump: string }]>(
      `select (select string_agg(c::text, ' ') from email_changes c)
         || (select string_agg(a::text, ' ') from account_activity a) as dump`,
    );
    for (const kind of ['email_change_old', 'email_change_new'] as const) {
      const code = codeOf(kind);
      expect(code).toMatch(/^[0-9a-z-]{19}$/);
      for (const text of [dump, answer.text, shown.text]) {
        expect(text).not.toContain(code);
        expect(text).not.toContain(code.replaceAll('-', ''));
      }
    }
  });

  it('is asked for once by a request that is sent again with its key', async () => {
    const ann = await api.signUp();
    const shot = { body: { email: newAddress() }, headers: { 'idempotency-key': 'once' } };
    const [first, again] = [
      await api.send(ann, 'POST', '/email-change', shot),
      await api.send(ann, 'POST', '/email-change', shot),
    ];
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(api.mail.accepted).toHaveLength(2);
  });

  it('is refused in plain words where no mail is configured, and nothing is pending', async () => {
    api.mail.isConfigured = false;
    const ann = await api.signUp();
    const answer = await api.send(ann, 'POST', '/email-change', { body: { email: newAddress() } });
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({
      code: 'MAIL_NOT_CONFIGURED',
      error: expect.stringContaining('sends no mail'),
    });
    expect((await api.send(ann, 'GET', '/email-change')).status).toBe(404);
  });

  it.each([
    ['no address', 'nobody', 'EMAIL_INVALID'],
    ['two addresses', 'a@example.com, b@example.com', 'EMAIL_INVALID'],
    ['a line break', 'a@example.com\r\nBcc: b@example.com', 'EMAIL_INVALID'],
  ])('is refused for %s', async (_, email, code) => {
    const ann = await api.signUp();
    const answer = await api.send(ann, 'POST', '/email-change', { body: { email } });
    expect([answer.status, answer.json()['code']]).toEqual([422, code]);
  });

  it('is refused for the address that the account has', async () => {
    const ann = await api.signUp();
    const body = { email: ann.email.toUpperCase() };
    const answer = await api.send(ann, 'POST', '/email-change', { body });
    expect(answer.json()).toMatchObject({ code: 'EMAIL_UNCHANGED', field: 'email' });
  });

  it('belongs to the account that asked: another one cannot confirm, see or cancel it', async () => {
    const [ann, eve] = [await api.signUp(), await api.signUp()];
    await request(ann, newAddress());
    for (const answer of [
      await confirm(eve, codeOf('email_change_old')),
      await api.send(eve, 'GET', '/email-change'),
      await api.send(eve, 'DELETE', '/email-change'),
    ])
      expect([answer.status, answer.json()['error_type']]).toEqual([404, 'RecordNotFound']);
    expect((await api.send(ann, 'GET', '/email-change')).status).toBe(200);
  });
});
