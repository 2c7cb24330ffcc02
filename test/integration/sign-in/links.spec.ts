import { jest } from '@jest/globals';
import pg from 'pg';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { NewPasswords } from '../../../src/accounts/links/new-passwords.service.js';
import { SignUps } from '../../../src/accounts/links/sign-ups.service.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import { SignIns } from '../../../src/accounts/sign-in/sign-ins.service.js';
import { currentRequester, onBehalfOf } from '../../../src/shared/requester.js';
import { BrowserCell, PASSWORD, signedIn, visitor } from './browser-cell.js';

const VISITOR = 'a visitor';
const used = { code: 'not_found', reason: 'LINK_INVALID' };

let cell: BrowserCell;
let signUps: SignUps;
let newPasswords: NewPasswords;
let addresses = 0;

beforeAll(async () => {
  cell = await BrowserCell.start();
  signUps = cell.get(SignUps);
  newPasswords = cell.get(NewPasswords);
});
afterAll(() => cell.close());

function newAddress(): string {
  addresses += 1;
  return `Person-${addresses}@example.net`;
}

/** How the statements begin that the work has run; the loops of the cell have theirs meanwhile. */
async function statementsWithin(work: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  const run = Reflect.get(pg.Client.prototype, 'query') as (...args: unknown[]) => unknown;
  const query = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    if (currentRequester().key === VISITOR) found.push(String(args[0]).trim().slice(0, 30));
    return run.apply(this, args);
  });
  try {
    await onBehalfOf(VISITOR, work);
  } finally {
    query.mockRestore();
  }
  return found;
}

async function signUpLink(email: string): Promise<string> {
  await signUps.request(email, visitor());
  return cell.mail.linkTo(email);
}

const expire = (): Promise<unknown> =>
  cell.query(`update account_links set expires_at = now() - interval '1 second'`);

/** How many of fifty at once did it. The others were all told the same. */
async function winnersOf(tries: Promise<unknown>[], loss: object): Promise<number> {
  const outcomes = await Promise.allSettled(tries);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(loss);
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('signing up', () => {
  it('makes an account by the mailed link, signed in and without a token', async () => {
    const email = newAddress();
    const token = await signUpLink(` ${email} `);
    expect(await signUps.find(token)).toMatchObject({ email, accountId: null });
    const { account, session } = await signUps.complete(token, PASSWORD, visitor());
    expect(account).toMatchObject({ email, plan: 'basic', state: 'active' });
    expect((await cell.get(Sessions).authenticate(session.value))?.account.id).toBe(account.id);
    expect((await cell.get(AccountsService).get(email)).tokens).toEqual([]);
    await cell.get(SignIns).byPassword(email, PASSWORD, visitor());
    expect(await cell.activity(account.id)).toEqual([
      'session.opened',
      'session.opened',
      'account.created',
    ]);
  });

  it('stores no token of a link, only its hash', async () => {
    const token = await signUpLink(newAddress());
    const rows = await cell.query('select account_links::text as row from account_links');
    const hex = Buffer.from(token, 'base64url').toString('hex');
    for (const { row } of rows)
      for (const text of [token, hex, Buffer.from(token).toString('hex')])
        expect(row).not.toContain(text);
  });

  it('mails a known address something else, and answers the browser the same', async () => {
    const { account } = await cell.account(newAddress());
    expect(await signUps.request(account.email.toUpperCase(), visitor({ language: 'de' }))).toBe(
      await signUps.request(newAddress(), visitor()),
    );
    const message = cell.mail.lastTo(account.email);
    expect(message).toMatchObject({ kind: 'sign_up_known', accountId: account.id, language: 'de' });
    const token = cell.mail.linkTo(account.email);
    await expect(signUps.complete(token, PASSWORD, visitor())).rejects.toMatchObject(used);
    await newPasswords.complete(token, PASSWORD, visitor());
  });

  it('is decided once for fifty who use one link', async () => {
    const token = await signUpLink(newAddress());
    const tries = Array.from({ length: 50 }, () => signUps.complete(token, PASSWORD, visitor()));
    // Some do not get their turn at the passwords.
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(signUps.complete(token, PASSWORD, visitor())).rejects.toMatchObject(used);
  });

  it('makes one account for two links of one address, and voids the other link', async () => {
    const email = newAddress();
    const tokens = [await signUpLink(email), await signUpLink(email), await signUpLink(email)];
    const tries = tokens.map((token) => signUps.complete(token, PASSWORD, visitor()));
    expect(await winnersOf(tries, used)).toBe(1);
    for (const token of tokens) await expect(signUps.find(token)).rejects.toMatchObject(used);
  });

  it('keeps the link when the password is refused, and ends it after an hour', async () => {
    const token = await signUpLink(newAddress());
    await expect(signUps.complete(token, 'short', visitor())).rejects.toMatchObject({
      reason: 'PASSWORD_TOO_SHORT',
    });
    await signUps.find(token);
    await expire();
    await expect(signUps.find(token)).rejects.toMatchObject(used);
    await expect(signUps.complete(token, PASSWORD, visitor())).rejects.toMatchObject(used);
  });

  it('says that the operator has made the account meanwhile, to whoever has the link', async () => {
    const email = newAddress();
    const token = await signUpLink(email);
    await cell.account(email);
    await expect(signUps.complete(token, PASSWORD, visitor())).rejects.toMatchObject({
      code: 'account_exists',
    });
  });

  it.each(['', 'x', 'a'.repeat(43), '\0', '../x', 'x'.repeat(10_000)])(
    'knows no link %j',
    async (token) => {
      await expect(signUps.find(token)).rejects.toMatchObject(used);
      await expect(newPasswords.find(token)).rejects.toMatchObject(used);
    },
  );

  it('refuses what is no address, and everything where no mail is sent', async () => {
    await expect(signUps.request('nobody', visitor())).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'email',
    });
    cell.mail.isConfigured = false;
    for (const service of [signUps, newPasswords])
      await expect(service.request(newAddress(), visitor())).rejects.toMatchObject({
        reason: 'MAIL_NOT_CONFIGURED',
      });
    cell.mail.isConfigured = true;
  });
});

describe('whoever asks for a link', () => {
  it.each([
    ['to sign up', () => signUps],
    ['for a new password', () => newPasswords],
  ])('%s has as many statements run for any address', async (_name, service) => {
    const { account } = await cell.account(newAddress());
    const suspended = await cell.account(newAddress());
    await cell.get(AccountsService).suspend(suspended.account.email);
    const statementsOf = (email: string): Promise<string[]> =>
      statementsWithin(() => service().request(email, visitor()));
    const known = await statementsOf(account.email);
    expect(known.length).toBeGreaterThan(3);
    expect(await statementsOf(newAddress())).toEqual(known);
    expect(await statementsOf(suspended.account.email)).toEqual(known);
  });

  it('for a new password of no account leaves nothing that could be used', async () => {
    const email = newAddress();
    await newPasswords.request(email, visitor());
    expect(cell.mail.lastTo(email)).not.toHaveProperty('token');
    const token = await signUpLink(email);
    await signUps.complete(token, PASSWORD, visitor());
    const left = await cell.query('select 1 from account_links where email = $1', [email]);
    expect(left).toEqual([]);
  });
});

it('where sign-up is closed, nothing is mailed and no link works', async () => {
  const token = await signUpLink(newAddress());
  const closed = await BrowserCell.start({ isSignUpOpen: false, database: cell.database });
  const closedUps = closed.get(SignUps);
  expect(closedUps.isOpen).toBe(false);
  for (const attempt of [
    closedUps.request(newAddress(), visitor()),
    closedUps.find(token),
    closedUps.complete(token, PASSWORD, visitor()),
  ])
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden', reason: 'SIGN_UP_CLOSED' });
  expect(closed.mail.accepted).toEqual([]);
  await closed.get(NewPasswords).request(newAddress(), visitor());
  expect(closed.mail.accepted).toMatchObject([{ kind: 'password_unknown', accountId: null }]);
  await closed.close();
});

describe('a new password by mail', () => {
  const passwordLink = async (email: string): Promise<string> => {
    await newPasswords.request(email, visitor());
    return cell.mail.linkTo(email);
  };

  it('gives the account of the operator its first password', async () => {
    const { account } = await cell.account(newAddress());
    const token = await passwordLink(account.email.toLowerCase());
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'password_link' });
    const opened = signedIn(await newPasswords.complete(token, PASSWORD, visitor()));
    expect(account).toMatchObject(opened.account);
    await cell.get(SignIns).byPassword(account.email, PASSWORD, visitor());
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'password_changed' });
  });

  it('is used once by fifty, ends all sessions, and voids the links before', async () => {
    const { account } = await cell.account(newAddress());
    const earlier = await passwordLink(account.email);
    const { session } = await cell.signedIn(account.email);
    await expect(newPasswords.find(earlier)).rejects.toMatchObject(used);
    const tokens = [await passwordLink(account.email), await passwordLink(account.email)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        newPasswords.complete(tokens[index % 2] ?? '', 'another quiet harbour', visitor()),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await cell.get(Sessions).authenticate(session.value)).toBeNull();
    expect(await cell.get(Sessions).list(account.id)).toHaveLength(1);
  });

  it('tells an address without an account so, by mail only', async () => {
    const email = newAddress();
    await newPasswords.request(email, visitor({ language: 'ar' }));
    expect(cell.mail.lastTo(email)).toEqual({
      kind: 'password_unknown',
      accountId: null,
      to: email,
      language: 'ar',
    });
  });

  it('does nothing for an account that is suspended, before the link or after', async () => {
    const { account } = await cell.account(newAddress());
    const token = await passwordLink(account.email);
    await cell.get(AccountsService).suspend(account.email);
    await expect(newPasswords.complete(token, PASSWORD, visitor())).rejects.toMatchObject(used);
    await newPasswords.request(account.email, visitor());
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'password_unknown' });
  });
});

describe('what fails in the middle, as when the process is killed,', () => {
  const failing = async <Result>(work: () => Promise<Result>): Promise<void> => {
    const accept = jest.spyOn(cell.mail, 'accept').mockRejectedValue(new Error('killed'));
    await expect(work()).rejects.toThrow('killed');
    accept.mockRestore();
  };

  it('leaves no link, and neither a used link nor a new password', async () => {
    const email = newAddress();
    const links = () => cell.query('select 1 from account_links where email = $1', [email]);
    await failing(() => signUps.request(email, visitor()));
    expect(await links()).toEqual([]);
    const { account } = await cell.account(email);
    await failing(() => newPasswords.request(email, visitor()));
    expect(await links()).toEqual([]);
    const { session } = await cell.signedIn(email);
    await newPasswords.request(email, visitor());
    const token = cell.mail.linkTo(email);
    await failing(() => newPasswords.complete(token, 'another quiet harbour', visitor()));
    expect((await cell.get(Sessions).authenticate(session.value))?.account.id).toBe(account.id);
    await cell.get(SignIns).byPassword(email, PASSWORD, visitor());
    await newPasswords.complete(token, 'another quiet harbour', visitor());
  });
});
