import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { PasskeySignUps } from '../../../src/accounts/links/passkey-sign-ups.service.js';
import { SignUps } from '../../../src/accounts/links/sign-ups.service.js';
import type { PasskeyId } from '../../../src/accounts/passkeys/passkey.js';
import { PasskeySignIns } from '../../../src/accounts/passkeys/passkey-sign-ins.service.js';
import { Passkeys } from '../../../src/accounts/passkeys/passkeys.service.js';
import { Passwords } from '../../../src/accounts/password/passwords.service.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import { SignIns } from '../../../src/accounts/sign-in/sign-ins.service.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import { SoftwareAuthenticator, type Lies } from '../../support/software-authenticator.js';
import { BrowserCell, originOf, PASSWORD, ROOT_KEYS, visitor } from './browser-cell.js';

const refused = { code: 'invalid_request', reason: 'PASSKEY_REFUSED' };
const ORIGIN = originOf('eu');
const MINUTE = 60_000;

let cell: BrowserCell;
let passkeys: Passkeys;
let signIns: PasskeySignIns;
let customers = 0;

beforeAll(async () => {
  cell = await BrowserCell.start();
  passkeys = cell.get(Passkeys);
  signIns = cell.get(PasskeySignIns);
});
afterAll(() => cell.close());

async function customer() {
  customers += 1;
  const { account } = await cell.account(`c${customers}@example.com`);
  const opened = await cell.signedIn(account.email);
  return { ...opened, email: account.email };
}

type Customer = Awaited<ReturnType<typeof customer>>;

/** Adds a passkey in a browser that has signed in just now. */
async function withPasskey(isSynced = false) {
  const { account, email } = await customer();
  const own = new SoftwareAuthenticator(ORIGIN, isSynced);
  const added = await add({ account, email } as Customer, own);
  return { account, email, authenticator: own, ...added };
}

async function add(
  { email }: Pick<Customer, 'email'> & Partial<Customer>,
  key: SoftwareAuthenticator,
) {
  const owner = await cell.owner(await cell.signedIn(email));
  const options = await passkeys.creationOptions(owner);
  const { result, sessionValue } = await passkeys.add(owner, 'My phone', key.create(options));
  return { passkey: result, sessionValue, owner };
}

async function signIn(key: SoftwareAuthenticator, lies: Lies = {}) {
  return signIns.signIn(key.get(await signIns.requestOptions(), lies), visitor());
}

describe('adding a passkey', () => {
  it('asks for a discoverable credential of the region, with its person verified', async () => {
    const { account, session, kind } = await customer();
    const owner = await cell.owner({ account, session, kind });
    expect(await passkeys.creationOptions(owner)).toMatchObject({
      rp: { id: 'eu.onetime.localhost', name: 'eu.onetime.localhost' },
      user: {
        name: account.email,
        id: Buffer.from(account.id.replaceAll('-', ''), 'hex').toString('base64url'),
      },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  });

  it('keeps it by name, tells the owner, and gives the session a new value', async () => {
    const { account, email, passkey, sessionValue, owner } = await withPasskey();
    expect(passkey).toMatchObject({ name: 'My phone', lastUsedOn: null });
    expect(await passkeys.list(account.id)).toEqual([passkey]);
    expect(cell.mail.lastTo(email)).toMatchObject({ kind: 'passkey_added', name: 'My phone' });
    const live = await cell.get(Sessions).authenticate(sessionValue);
    expect(live?.session.id).toBe(owner.session.id);
    const { excludeCredentials } = await passkeys.creationOptions(owner);
    expect(excludeCredentials).toHaveLength(1);
  });

  it.each<[string, Lies]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'https://eu.onetime.localhost' }],
    ['another site', { rpId: 'evil.example' }],
    ['the whole base domain', { rpId: 'onetime.localhost' }],
    ['another challenge', { challenge: 'a'.repeat(43) }],
    ['another ceremony', { type: 'webauthn.get' }],
    ['a person who was not verified', { isVerified: false }],
  ])('is refused from %s', async (_name, lies) => {
    const owner = await cell.owner(await customer());
    const response = new SoftwareAuthenticator(ORIGIN).create(
      await passkeys.creationOptions(owner),
      lies,
    );
    await expect(passkeys.add(owner, 'x', response)).rejects.toMatchObject(refused);
    expect(await passkeys.list(owner.account.id)).toEqual([]);
  });

  it.each([
    null,
    undefined,
    'text',
    7,
    {},
    [],
    { id: 'x' },
    { id: 'x', rawId: 'x', type: 'public-key' },
  ])('and signing in refuse %j', async (response) => {
    const owner = await cell.owner(await customer());
    await expect(passkeys.add(owner, 'x', response)).rejects.toMatchObject(refused);
    await expect(signIns.signIn(response, visitor())).rejects.toMatchObject(refused);
  });

  it('takes a challenge once, of the same account, for five minutes, and not for a sign-in', async () => {
    const [owner, stranger] = [
      await cell.owner(await customer()),
      await cell.owner(await customer()),
    ];
    const key = new SoftwareAuthenticator(ORIGIN);
    const response = key.create(await passkeys.creationOptions(owner));
    await expect(passkeys.add(stranger, 'x', response)).rejects.toMatchObject(refused);
    const tries = Array.from({ length: 50 }, () => passkeys.add(owner, 'x', response));
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const moved of [-5 * MINUTE - 1000, 2 * MINUTE]) {
      cell.clock.movedMs = moved;
      const late = await passkeys.creationOptions(stranger);
      cell.clock.movedMs = 0;
      const other = new SoftwareAuthenticator(ORIGIN).create(late);
      await expect(passkeys.add(stranger, 'x', other)).rejects.toMatchObject(refused);
    }
    const options = await passkeys.creationOptions(stranger);
    const signing = key.get({ challenge: options.challenge, rpId: options.rp.id ?? '' });
    await expect(signIns.signIn(signing, visitor())).rejects.toMatchObject(refused);
  });

  it('refuses a passkey that another account has, a name that is none, and an old sign-in', async () => {
    const { authenticator } = await withPasskey();
    const owner = await cell.owner(await customer());
    const again = authenticator.create(await passkeys.creationOptions(owner));
    await expect(passkeys.add(owner, 'x', again)).rejects.toMatchObject(refused);
    for (const name of ['', '  ', 'a\nb', 'x'.repeat(61)])
      await expect(passkeys.add(owner, name, again)).rejects.toMatchObject({ field: 'name' });
    const stale = { ...owner, session: { ...owner.session, isFresh: false } };
    for (const attempt of [
      passkeys.creationOptions(stale),
      passkeys.add(stale, 'x', again),
      passkeys.remove(stale, owner.session.id as unknown as PasskeyId),
    ])
      await expect(attempt).rejects.toMatchObject({ reason: 'SIGN_IN_AGAIN' });
  });
});

describe('signing in by passkey', () => {
  it.each([false, true])('opens a session for its account (synced: %s)', async (isSynced) => {
    const { account, authenticator } = await withPasskey(isSynced);
    for (let index = 0; index < 3; index += 1) {
      const opened = await signIn(authenticator);
      expect(opened.account.id).toBe(account.id);
      expect((await cell.get(Sessions).list(account.id))[0]).toMatchObject({
        id: opened.session.id,
        method: 'passkey',
        secondFactor: null,
      });
    }
    const [passkey] = await passkeys.list(account.id);
    expect(passkey?.lastUsedOn).toBe(new Date().toISOString().slice(0, 10));
  });

  it.each<[string, Lies]>([
    ['another origin', { origin: 'https://us.onetime.localhost:8443' }],
    ['another site', { rpId: 'us.onetime.localhost' }],
    ['another challenge', { challenge: 'a'.repeat(43) }],
    ['another ceremony', { type: 'webauthn.create' }],
    ['a person who was not verified', { isVerified: false }],
    ['a counter that did not go on', { counter: 1 }],
    ['another key', { isForged: true }],
  ])('is refused from %s', async (_name, lies) => {
    const { authenticator } = await withPasskey();
    await signIn(authenticator);
    await expect(signIn(authenticator, lies)).rejects.toMatchObject(refused);
    await signIn(authenticator);
  });

  it.each([false, true])(
    'takes an answer once, of fifty at once (synced: %s)',
    async (isSynced) => {
      const { account, authenticator } = await withPasskey(isSynced);
      const before = (await cell.get(Sessions).list(account.id)).length;
      const response = authenticator.get(await signIns.requestOptions());
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () => signIns.signIn(response, visitor())),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await cell.get(Sessions).list(account.id)).toHaveLength(before + 1);
    },
  );

  it('ends with the passkey, and with the account', async () => {
    const { account, authenticator, passkey, owner, sessionValue } = await withPasskey();
    const stranger = await cell.owner(await customer());
    await expect(passkeys.remove(stranger, passkey.id)).rejects.toMatchObject({
      code: 'not_found',
    });
    const renewed = await cell.owner({
      kind: 'signed_in',
      account,
      session: { id: owner.session.id, value: sessionValue },
    });
    await passkeys.remove(renewed, passkey.id);
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'passkey_removed' });
    await expect(signIn(authenticator)).rejects.toMatchObject(refused);
    const other = await withPasskey();
    await cell.get(AccountsService).suspend(other.email);
    await expect(signIn(other.authenticator)).rejects.toMatchObject(refused);
  });

  it('gets another name from its owner, after a fresh sign-in, and from nobody else', async () => {
    const { account, passkey, owner, sessionValue } = await withPasskey();
    const opened = { kind: 'signed_in', account } as const;
    const session = { id: owner.session.id, value: sessionValue };
    const renewed = await cell.owner({ ...opened, session });
    const stranger = await cell.owner(await customer());
    await expect(passkeys.rename(stranger, passkey.id, 'Mine')).rejects.toMatchObject({
      code: 'not_found',
    });
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(61)])
      await expect(passkeys.rename(renewed, passkey.id, name)).rejects.toMatchObject({
        reason: 'NAME_INVALID',
      });
    const stale = { ...renewed, session: { ...renewed.session, isFresh: false } };
    await expect(passkeys.rename(stale, passkey.id, 'Mine')).rejects.toMatchObject({
      reason: 'SIGN_IN_AGAIN',
    });
    const renamed = await passkeys.rename(renewed, passkey.id, ' My old phone ');
    expect(renamed).toEqual({ ...passkey, name: 'My old phone' });
    expect(await passkeys.list(account.id)).toEqual([renamed]);
    expect(await cell.activity(account.id)).toContain('passkey.renamed');
    await cell.get(Sessions).signOut(owner.session);
    await expect(passkeys.rename(renewed, passkey.id, 'Mine')).rejects.toMatchObject({
      code: 'not_authorized',
    });
  });

  it('lets its owner remove the password, and nobody else', async () => {
    const without = await cell.owner(await customer());
    await expect(cell.get(Passwords).remove(without)).rejects.toMatchObject({
      reason: 'PASSKEY_NEEDED',
    });
    const { account, email, authenticator } = await withPasskey();
    const opened = await signIn(authenticator);
    await cell.get(Passwords).remove(await cell.owner(opened));
    expect(cell.mail.lastTo(email)).toMatchObject({ kind: 'password_removed' });
    expect(await cell.get(Passwords).changedAt(account.id)).toBeNull();
    await expect(cell.get(SignIns).byPassword(email, PASSWORD, visitor())).rejects.toMatchObject({
      reason: 'SIGN_IN_REFUSED',
    });
    await signIn(authenticator);
  });
});

describe('signing up with a passkey', () => {
  it('makes an account without a password, once', async () => {
    const email = `new-${(customers += 1)}@example.net`;
    await cell.get(SignUps).request(email, visitor());
    const token = cell.mail.linkTo(email);
    const signUps = cell.get(PasskeySignUps);
    const key = new SoftwareAuthenticator(ORIGIN);
    const options = await signUps.creationOptions(token);
    const response = key.create(options);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => signUps.complete(token, 'Laptop', response, visitor())),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const opened = await signIn(key);
    expect(opened.account.email).toBe(email);
    expect(options.user.id).toBe(
      Buffer.from(opened.account.id.replaceAll('-', ''), 'hex').toString('base64url'),
    );
    expect(await cell.get(Passwords).changedAt(opened.account.id)).toBeNull();
    await expect(signUps.creationOptions(token)).rejects.toMatchObject({ reason: 'LINK_INVALID' });
  });

  it('keeps the link when the passkey is refused', async () => {
    const email = `new-${(customers += 1)}@example.net`;
    await cell.get(SignUps).request(email, visitor());
    const token = cell.mail.linkTo(email);
    const signUps = cell.get(PasskeySignUps);
    const wrong = new SoftwareAuthenticator(ORIGIN).create(await signUps.creationOptions(token), {
      origin: 'https://evil.example',
    });
    await expect(signUps.complete(token, 'x', wrong, visitor())).rejects.toMatchObject(refused);
    await cell.get(SignUps).complete(token, PASSWORD, visitor());
  });
});

describe('challenges', () => {
  const rows = async (): Promise<number> =>
    (await cell.query('select 1 from passkey_challenges')).length;

  it('are not stored before they were used, and never in clear', async () => {
    const { authenticator } = await withPasskey();
    const before = await rows();
    const options = await signIns.requestOptions();
    await expect(signIn(authenticator, { isForged: true })).rejects.toMatchObject(refused);
    expect(await rows()).toBe(before);
    await signIns.signIn(authenticator.get(options), visitor());
    expect(await rows()).toBe(before + 1);
    const [{ all } = { all: '' }] = await cell.query<{ all: string }>(
      `select string_agg(passkey_challenges::text, ' ') as all from passkey_challenges`,
    );
    const hex = Buffer.from(options.challenge, 'base64url').toString('hex');
    for (const text of [options.challenge, hex, hex.slice(12, 44)]) expect(all).not.toContain(text);
  });

  it('are of their region and its root keys, of which an older one counts too', async () => {
    const { authenticator } = await withPasskey();
    const other = { version: 2, bytes: Buffer.alloc(32, 9) };
    for (const [change, isTaken] of [
      [{ rootKeys: [other] as RootKeys }, false],
      [{ region: 'us' }, false],
      [{ rootKeys: [other, ...ROOT_KEYS] as RootKeys }, true],
    ] as const) {
      const there = await BrowserCell.start({ ...change, database: cell.database });
      const outcome = there
        .get(PasskeySignIns)
        .signIn(authenticator.get(await signIns.requestOptions()), visitor());
      if (isTaken) await outcome;
      else await expect(outcome).rejects.toMatchObject(refused);
      await there.close();
    }
  });
});

it('whoever is refused often is told so, and locks out nobody behind the same address', async () => {
  const limits = { ...DEFAULT_LIMITS, PASSKEYS: { burst: 2, seconds: 3600 } };
  const { authenticator } = await withPasskey();
  const limited = await BrowserCell.start({ limits, database: cell.database });
  const service = limited.get(PasskeySignIns);
  const stranger = new SoftwareAuthenticator(ORIGIN);
  for (const reason of [refused, refused, { code: 'rate_limited' }, { code: 'rate_limited' }]) {
    const response = stranger.get(await service.requestOptions());
    await expect(service.signIn(response, visitor())).rejects.toMatchObject(reason);
  }
  await service.signIn(authenticator.get(await service.requestOptions()), visitor());
  await limited.close();
});
