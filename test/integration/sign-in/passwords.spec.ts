import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { NewPasswords } from '../../../src/accounts/links/new-passwords.service.js';
import { PasswordHashes } from '../../../src/accounts/password/password-hashes.js';
import { Passwords } from '../../../src/accounts/password/passwords.service.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import { SignIns } from '../../../src/accounts/sign-in/sign-ins.service.js';
import type { SignedInBrowser } from '../../../src/accounts/sign-in/sign-in.store.js';
import type { Argon2Cost } from '../../../src/shared/argon2-queue.js';
import { BrowserCell, PASSWORD, signedIn, visitor } from './browser-cell.js';

const refused = expect.objectContaining({ code: 'invalid_request', reason: 'SIGN_IN_REFUSED' });

/** Counts the runs of Argon2, and can be told what a new hash costs. */
class CountedHashes extends PasswordHashes {
  runs = 0;
  newCost: Argon2Cost = { memory: 1024, passes: 1, parallelism: 1 };

  protected override get cost(): Argon2Cost {
    return this.newCost;
  }

  protected override hash(text: string, salt: Buffer, cost?: Argon2Cost): Promise<Buffer> {
    this.runs += 1;
    return super.hash(text, salt, cost);
  }
}

let cell: BrowserCell;
let hashes: CountedHashes;
let accounts = 0;

beforeAll(async () => {
  hashes = new CountedHashes();
  cell = await BrowserCell.start({ hashes });
});
afterAll(() => cell.close());

/** An account with a password, set by a mailed link. */
async function customer(password = PASSWORD) {
  accounts += 1;
  const { account } = await cell.account(`c${accounts}@example.com`);
  const opened = await cell.signedIn(account.email, password);
  return { ...account, opened };
}

const signIn = async (email: string, password = PASSWORD, changes = {}): Promise<SignedInBrowser> =>
  signedIn(await cell.get(SignIns).byPassword(email, password, visitor(changes)));

const isLive = async ({ session }: SignedInBrowser): Promise<boolean> =>
  (await cell.get(Sessions).authenticate(session.value)) !== null;

describe('signing in with a password', () => {
  it('opens a session, for the address in any letter case and the password in any composition', async () => {
    const { email, id } = await customer('Café au lait, s’il te plaît');
    const opened = await signIn(email.toUpperCase(), 'Cafe\u0301 au lait, s’il te plai\u0302t');
    expect(opened.account.id).toBe(id);
    expect(await isLive(opened)).toBe(true);
    expect((await cell.activity(id))[0]).toBe('session.opened');
  });

  it('gives the same answer after the same work to a wrong password, an unknown address and all others', async () => {
    const { email } = await customer();
    const { account: without } = await cell.account('without-password@example.com');
    const suspended = await customer();
    await cell.get(AccountsService).suspend(suspended.email);
    const tries: [string, string][] = [
      [email, 'a wrong password'],
      ['nobody@example.com', PASSWORD],
      [without.email, PASSWORD],
      [suspended.email, PASSWORD],
    ];
    for (const [address, password] of tries) {
      const before = hashes.runs;
      await expect(signIn(address, password)).rejects.toEqual(refused);
      expect([address, hashes.runs - before]).toEqual([address, 1]);
    }
  });

  it('refuses a mebibyte, and the empty text, without an error of ours', async () => {
    const { email } = await customer();
    for (const text of ['', ' ', '\0', 'x'.repeat(1 << 20), 'e' + '\u0301'.repeat(1 << 20)])
      await expect(signIn(email, text)).rejects.toEqual(refused);
  });

  it('ends the session that the browser had, and never takes the value that it came with', async () => {
    const { email, opened } = await customer();
    const again = await signIn(email, PASSWORD, { sessionId: opened.session.id });
    expect(again.session.value).not.toBe(opened.session.value);
    expect(await isLive(opened)).toBe(false);
    expect(await isLive(again)).toBe(true);
  });

  it('hashes the password again when a hash costs more than before, and keeps its date', async () => {
    const { email, id } = await customer();
    const stored = async () =>
      (await cell.query('select * from account_passwords')).find((row) => row['account_id'] === id);
    const before = await stored();
    hashes.newCost = { memory: 2048, passes: 1, parallelism: 1 };
    await signIn(email);
    const after = await stored();
    expect(after).toMatchObject({ memory: 2048, changed_at: before?.['changed_at'] });
    const runs = hashes.runs;
    await signIn(email);
    expect(hashes.runs - runs).toBe(1);
    hashes.newCost = { memory: 1024, passes: 1, parallelism: 1 };
  });

  it('keeps at most fifty sessions of an account', async () => {
    const { email, id } = await customer();
    for (let index = 0; index < 52; index += 1) await signIn(email);
    expect(await cell.get(Sessions).list(id)).toHaveLength(50);
  });
});

describe('setting the password', () => {
  it('ends all other sessions, gives this one a new value, and says so by mail', async () => {
    const { email, id, opened } = await customer();
    const other = await signIn(email);
    const owner = await cell.owner(opened);
    const { sessionValue } = await cell.get(Passwords).set(owner, 'an even quieter one');
    expect(await isLive(other)).toBe(false);
    expect(await isLive(opened)).toBe(false);
    expect((await cell.get(Sessions).authenticate(sessionValue))?.session.id).toBe(
      owner.session.id,
    );
    await expect(signIn(email)).rejects.toEqual(refused);
    await signIn(email, 'an even quieter one');
    expect(cell.mail.lastTo(email)).toMatchObject({ kind: 'password_changed', accountId: id });
    expect(await cell.activity(id)).toContain('password.set');
  });

  it('asks for a fresh sign-in', async () => {
    const { opened } = await customer();
    await cell.query(
      `update sessions set signed_in_at = now() - interval '11 minutes' where id = $1`,
      [opened.session.id],
    );
    const owner = await cell.owner(opened);
    await expect(cell.get(Passwords).set(owner, 'an even quieter one')).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'SIGN_IN_AGAIN',
    });
  });

  it.each([
    ['a short one', 'ninechars', 'PASSWORD_TOO_SHORT'],
    ['nine characters of two units each', '😀'.repeat(9), 'PASSWORD_TOO_SHORT'],
    ['a common one', '1234567890', 'PASSWORD_COMMON'],
    ['a common one in other letters', 'Q W E R T Y U I O P', 'PASSWORD_COMMON'],
    ['a common one twice', 'PasswordPassword', 'PASSWORD_COMMON'],
    ['one letter', 'aaaaaaaaaaaa', 'PASSWORD_COMMON'],
    ['blanks', ' '.repeat(12), 'PASSWORD_COMMON'],
    ['a very long one', 'ä'.repeat(257), 'PASSWORD_TOO_LONG'],
    ['a mebibyte', 'x'.repeat(1 << 20), 'PASSWORD_TOO_LONG'],
  ])('refuses %s', async (_name, password, reason) => {
    const { opened } = await customer();
    const owner = await cell.owner(opened);
    const runs = hashes.runs;
    await expect(cell.get(Passwords).set(owner, password)).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'password',
      reason,
    });
    expect(hashes.runs).toBe(runs);
  });

  it('refuses the address, its parts, and takes one that only has the address in it', async () => {
    const { account } = await cell.account('someone-long@long.example.com');
    await cell.get(NewPasswords).request(account.email, visitor());
    const token = cell.mail.linkTo(account.email);
    const complete = (password: string) =>
      cell.get(NewPasswords).complete(token, password, visitor());
    for (const password of ['Someone-Long@long.example.com', 'someone-long', 'LONG.example.com'])
      await expect(complete(password)).rejects.toMatchObject({ reason: 'PASSWORD_IS_ADDRESS' });
    // What was refused has not used the link up.
    await complete('someone-long and a word');
  });

  it('does not open a session for the password before, whoever is faster', async () => {
    const { email, opened } = await customer();
    const owner = await cell.owner(opened);
    const tries = Array.from({ length: 10 }, () => signIn(email).catch(() => null));
    await cell.get(Passwords).set(owner, 'an even quieter one');
    await Promise.all(tries);
    const left = await cell.get(Sessions).list(opened.account.id);
    expect(left.map(({ id }) => id)).toEqual([owner.session.id]);
  });
});
