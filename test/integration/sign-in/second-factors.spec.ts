import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { NewPasswords } from '../../../src/accounts/links/new-passwords.service.js';
import { SecondFactors } from '../../../src/accounts/second-factor/second-factors.service.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import { SecondSteps } from '../../../src/accounts/sign-in/second-steps.service.js';
import { SignIns } from '../../../src/accounts/sign-in/sign-ins.service.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import type { Network } from '../../../src/shared/network.js';
import { BrowserCell, NETWORK, PASSWORD, ROOT_KEYS, signedIn, visitor } from './browser-cell.js';

const wrong = { code: 'invalid_request', reason: 'CODE_WRONG' };
const ended = { code: 'not_found', reason: 'SIGN_IN_ENDED' };
const STEP = 30_000;

let cell: BrowserCell;
let factors: SecondFactors;
let steps: SecondSteps;
let customers = 0;

beforeAll(async () => {
  cell = await BrowserCell.start();
  factors = cell.get(SecondFactors);
  steps = cell.get(SecondSteps);
  // On a slow machine the app would show the next code in the middle of a test.
  cell.clock.standsAt = Date.now();
});
beforeEach(() => {
  // A code of an earlier test is none of this one.
  cell.clock.movedMs += 10 * STEP;
});
afterAll(() => cell.close());

/** What the authenticator app shows. */
function codeOf(secret: string, stepsOn = 0): string {
  const timestamp = cell.clock.now().getTime() + stepsOn * STEP;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

async function customer() {
  customers += 1;
  const { account } = await cell.account(`c${customers}@example.com`);
  return { account, opened: await cell.signedIn(account.email) };
}

async function withFactor() {
  const { account, opened } = await customer();
  const owner = await cell.owner(opened);
  const { secret } = await factors.begin(owner);
  const confirmed = await factors.confirm(owner, codeOf(secret, -1));
  const value = confirmed.sessionValue;
  const renewed = await cell.owner(opened, value);
  return { account, owner: renewed, secret, codes: confirmed.result };
}

/** The value of a sign-in that waits for its code. */
async function pendingOf(email: string): Promise<string> {
  const outcome = await cell.get(SignIns).byPassword(email, PASSWORD, visitor());
  if (outcome.kind !== 'second_factor') throw new Error('no code was asked for');
  return outcome.pending;
}

const complete = (pending: string, code: string) => steps.complete(pending, code, visitor());

describe('an authenticator app', () => {
  it('counts when a code of it was shown, and not before', async () => {
    const { account, opened } = await customer();
    const owner = await cell.owner(opened);
    const first = await factors.begin(owner);
    const { secret, uri } = await factors.begin(owner);
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toMatch(/^otpauth:\/\/totp\/eu\.onetime\.localhost:/);
    signedIn(await cell.get(SignIns).byPassword(account.email, PASSWORD, visitor()));
    for (const code of ['', '000000', 'abcdef', codeOf(first.secret), codeOf(secret, 3)])
      await expect(factors.confirm(owner, code)).rejects.toMatchObject(wrong);
    expect(await factors.state(account.id)).toEqual({ confirmedAt: null, recoveryCodesLeft: 0 });
    const { result: codes } = await factors.confirm(
      owner,
      ` ${codeOf(secret).slice(0, 3)} ${codeOf(secret).slice(3)}`,
    );
    expect(new Set(codes).size).toBe(10);
    expect(await factors.state(account.id)).toEqual({
      confirmedAt: expect.any(Date),
      recoveryCodesLeft: 10,
    });
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'second_factor_on' });
    expect(await cell.activity(account.id)).toContain('second_factor.confirmed');
    await pendingOf(account.email);
  });

  it('is not replaced while it counts, is removed with its codes, and needs a fresh sign-in', async () => {
    const { account, owner } = await withFactor();
    await expect(factors.begin(owner)).rejects.toMatchObject({ reason: 'SECOND_FACTOR_ON' });
    const stale = { ...owner, session: { ...owner.session, isFresh: false } };
    for (const attempt of [
      factors.begin(stale),
      factors.confirm(stale, '000000'),
      factors.remove(stale),
      factors.renewCodes(stale),
    ])
      await expect(attempt).rejects.toMatchObject({ reason: 'SIGN_IN_AGAIN' });
    await factors.remove(owner);
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'second_factor_off' });
    signedIn(await cell.get(SignIns).byPassword(account.email, PASSWORD, visitor()));
    expect(await factors.state(account.id)).toEqual({ confirmedAt: null, recoveryCodesLeft: 0 });
  });

  it('is stored sealed: neither the secret nor a recovery code is in the tables', async () => {
    const { secret, codes } = await withFactor();
    const rows = await cell.query<{ row: string }>(
      `select second_factors::text as row from second_factors
       union all select recovery_codes::text from recovery_codes`,
    );
    const text = rows.map(({ row }) => row).join('\n');
    for (const word of [secret, ...codes]) {
      expect(text).not.toContain(word);
      expect(text).not.toContain(Buffer.from(word).toString('hex'));
    }
    expect(text).not.toContain(Buffer.from(Secret.fromBase32(secret).bytes).toString('hex'));
  });

  it('opens under an older root key, and is sealed under the new one with the next code', async () => {
    const { account, secret } = await withFactor();
    const rootKeys = [{ version: 2, bytes: randomBytes(32) }, ...ROOT_KEYS] as const;
    const later = await BrowserCell.start({ rootKeys, database: cell.database });
    Object.assign(later.clock, cell.clock);
    const pending = await pendingOf(account.email);
    await later.get(SecondSteps).complete(pending, codeOf(secret), visitor());
    const [row] = await cell.query('select key_version from second_factors where account_id = $1', [
      account.id,
    ]);
    expect(row).toEqual({ key_version: 2 });
    await later.close();
  });
});

describe('the second step of a sign-in', () => {
  it('opens the session for a code, which counts once', async () => {
    const { account, secret } = await withFactor();
    const pending = await pendingOf(account.email);
    expect(await steps.waysOn(pending)).toEqual({ hasPasskey: false });
    expect(await cell.get(Sessions).authenticate(pending)).toBeNull();
    const opened = await complete(pending, codeOf(secret));
    expect((await cell.get(Sessions).list(account.id))[0]).toMatchObject({
      id: opened.session.id,
      method: 'password',
      secondFactor: 'totp',
    });
    expect(opened.session.value).not.toBe(pending);
    expect(await steps.waysOn(pending)).toBeNull();
    await expect(complete(pending, codeOf(secret, 1))).rejects.toMatchObject(ended);
    const next = await pendingOf(account.email);
    for (const code of [codeOf(secret), codeOf(secret, -1)])
      await expect(complete(next, code)).rejects.toMatchObject(wrong);
    await complete(next, codeOf(secret, 1));
  });

  it('takes one code for fifty sign-ins at once, and one of fifty codes for one sign-in', async () => {
    const { account, secret } = await withFactor();
    const all = await Promise.all(Array.from({ length: 16 }, () => pendingOf(account.email)));
    const code = codeOf(secret);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => complete(all[index % 16] ?? '', code)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    cell.clock.movedMs += 5 * STEP;
    const pending = await pendingOf(account.email);
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, () => complete(pending, codeOf(secret))),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('gives five tries, to all who try at once together', async () => {
    const { account, secret } = await withFactor();
    const pending = await pendingOf(account.email);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => complete(pending, '000000')),
    );
    const reasons = outcomes.map(
      (outcome) => outcome.status === 'rejected' && Reflect.get(Object(outcome.reason), 'reason'),
    );
    expect(reasons.filter((reason) => reason === 'CODE_WRONG')).toHaveLength(5);
    await expect(complete(pending, codeOf(secret))).rejects.toMatchObject(ended);
    await complete(await pendingOf(account.email), codeOf(secret));
  });

  it.each([
    [
      'ten minutes are over',
      (id: string) => [`update pending_sign_ins set expires_at = now() where account_id = $1`, id],
    ],
    ['the account is suspended', null],
  ] as const)('ends when %s', async (_name, statement) => {
    const { account, secret } = await withFactor();
    const pending = await pendingOf(account.email);
    if (statement === null) await cell.get(AccountsService).suspend(account.email);
    else {
      const [text, id] = statement(account.id);
      await cell.query(text ?? '', [id]);
    }
    await expect(complete(pending, codeOf(secret))).rejects.toMatchObject(ended);
    expect(await steps.waysOn(pending)).toBeNull();
  });

  it('is asked for after a new password by mail too, which ends the sign-ins that wait', async () => {
    const { account, secret } = await withFactor();
    const waiting = await pendingOf(account.email);
    await cell.get(NewPasswords).request(account.email, visitor());
    const outcome = await cell
      .get(NewPasswords)
      .complete(cell.mail.linkTo(account.email), 'another quiet harbour', visitor());
    if (outcome.kind !== 'second_factor') throw new Error('no code was asked for');
    await expect(complete(waiting, codeOf(secret))).rejects.toMatchObject(ended);
    await complete(outcome.pending, codeOf(secret));
  });

  it.each(['', 'x', '\0', 'a'.repeat(43), 'x'.repeat(10_000)])(
    'knows no sign-in %j',
    async (text) => {
      await expect(complete(text, '000000')).rejects.toMatchObject(ended);
      expect(await steps.waysOn(text)).toBeNull();
    },
  );
});

describe('a recovery code', () => {
  it('opens the session once, in any spelling, and its owner learns of it', async () => {
    const { account, codes } = await withFactor();
    const [code = ''] = codes;
    await complete(await pendingOf(account.email), ` ${code.toUpperCase().replaceAll('-', ' ')}`);
    expect(cell.mail.lastTo(account.email)).toMatchObject({
      kind: 'recovery_code_used',
      codesLeft: 9,
    });
    expect((await cell.get(Sessions).list(account.id))[0]).toMatchObject({
      secondFactor: 'recovery_code',
    });
    await expect(complete(await pendingOf(account.email), code)).rejects.toMatchObject(wrong);
    expect((await factors.state(account.id)).recoveryCodesLeft).toBe(9);
  });

  it('opens one of fifty sign-ins at once, and is left when the sign-in had ended', async () => {
    const { account, codes } = await withFactor();
    const [code = '', other = ''] = codes;
    const all = await Promise.all(Array.from({ length: 16 }, () => pendingOf(account.email)));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => complete(all[index % 16] ?? '', code)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(complete('gone', other)).rejects.toMatchObject(ended);
    expect((await factors.state(account.id)).recoveryCodesLeft).toBe(9);
  });

  it('is void when new ones are made', async () => {
    const { account, owner, codes } = await withFactor();
    const { result: renewed } = await factors.renewCodes(owner);
    expect(cell.mail.lastTo(account.email)).toMatchObject({ kind: 'recovery_codes_renewed' });
    const pending = await pendingOf(account.email);
    await expect(complete(pending, codes[0] ?? '')).rejects.toMatchObject(wrong);
    await complete(pending, renewed[0] ?? '');
  });

  it('still opens when the tries of codes are used up, and so does a code from where its owner was', async () => {
    const limits = { ...DEFAULT_LIMITS, SECOND_FACTOR: { burst: 2, seconds: 3600 } };
    const { account, secret, codes } = await withFactor();
    const limited = await BrowserCell.start({ limits, database: cell.database });
    Object.assign(limited.clock, cell.clock);
    const tryCode = (pending: string, code: string, network: Network) =>
      limited.get(SecondSteps).complete(pending, code, visitor({ network }));
    // Whoever knows the password, from many networks: all are counted together.
    const pending = await pendingOf(account.email);
    for (const network of ['198.51.100.0/24', '192.0.2.0/24'])
      await expect(tryCode(pending, '000000', network)).rejects.toMatchObject(wrong);
    const limitedAt = { code: 'rate_limited' };
    await expect(tryCode(pending, codeOf(secret), '198.18.0.0/24')).rejects.toMatchObject(
      limitedAt,
    );
    await tryCode(pending, codes[0] ?? '', '198.18.0.0/24');
    await tryCode(await pendingOf(account.email), codeOf(secret), NETWORK);
    // That network has so many tries as the others together, and no more.
    const again = await pendingOf(account.email);
    await expect(tryCode(again, '000000', NETWORK)).rejects.toMatchObject(wrong);
    await expect(tryCode(again, codeOf(secret, 1), NETWORK)).rejects.toMatchObject(limitedAt);
    await limited.close();
  });
});
