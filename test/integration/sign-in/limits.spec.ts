import { NewPasswords } from '../../../src/accounts/links/new-passwords.service.js';
import { SignUps } from '../../../src/accounts/links/sign-ups.service.js';
import { SignIns } from '../../../src/accounts/sign-in/sign-ins.service.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { BrowserCell, visitor } from './browser-cell.js';

const PASSWORD = 'a quiet harbour at dawn';
const limited = { code: 'rate_limited', retryAfterSeconds: expect.any(Number) };
const limits = {
  ...DEFAULT_LIMITS,
  PASSWORD: { burst: 3, seconds: 3600 },
  PASSWORD_NETWORK: { burst: 8, seconds: 3600 },
  PASSWORD_ACCOUNT: { burst: 6, seconds: 3600 },
  PASSWORD_SLOW: { burst: 1, seconds: 3600 },
  ACCOUNT_LINKS: { burst: 3, seconds: 3600 },
  ACCOUNT_LINKS_ADDRESS: { burst: 2, seconds: 3600 },
};

let cell: BrowserCell;
/** Another process of the region. */
let other: BrowserCell;
let addresses = 0;

beforeAll(async () => {
  cell = await BrowserCell.start({ limits });
  other = await BrowserCell.start({ limits, database: cell.database });
});
afterAll(async () => {
  await other.close();
  await cell.close();
});

const from = (index: number) =>
  visitor({ client: { near: `198.51.${addresses}.${index}/32`, wide: null } });

async function customer(): Promise<string> {
  addresses += 1;
  const { account } = await cell.account(`c${addresses}@example.com`);
  await cell.get(NewPasswords).request(account.email, from(250));
  const link = cell.mail.linkTo(account.email);
  await cell.get(NewPasswords).complete(link, PASSWORD, from(250));
  return account.email;
}

const tryOnce = (email: string, password: string, network: number, at = cell) =>
  at.get(SignIns).byPassword(email, password, from(network));
const wrong = { reason: 'SIGN_IN_REFUSED' };

describe('tries to sign in with a password', () => {
  it('are counted by address and network, in all processes together', async () => {
    const email = await customer();
    await expect(tryOnce(email, 'x', 1)).rejects.toMatchObject(wrong);
    await expect(tryOnce(email, 'x', 1, other)).rejects.toMatchObject(wrong);
    await expect(tryOnce(email.toUpperCase(), 'x', 1)).rejects.toMatchObject(wrong);
    // Slowly, one more.
    await expect(tryOnce(email, 'x', 1, other)).rejects.toMatchObject(wrong);
    for (const at of [cell, other])
      await expect(tryOnce(email, PASSWORD, 1, at)).rejects.toMatchObject(limited);
  });

  it('from many networks do not lock the owner out', async () => {
    const email = await customer();
    for (let network = 10; network < 24; network += 1)
      await tryOnce(email, 'x', network).catch(() => undefined);
    await tryOnce(email, PASSWORD, 1);
    await expect(tryOnce(email, PASSWORD, 1)).rejects.toMatchObject(limited);
  });

  it('at many addresses do not lock the network out of any', async () => {
    const email = await customer();
    for (let index = 0; index < 12; index += 1)
      await tryOnce(`nobody-${index}@example.com`, 'x', 1).catch(() => undefined);
    await tryOnce(email, PASSWORD, 1);
  });

  it('are refused alike for an address without an account', async () => {
    await customer();
    const outcomes = async (email: string, network: number): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for (let index = 0; index < 6; index += 1)
        seen.push(await tryOnce(email, 'x', network).catch((error: unknown) => String(error)));
      return seen;
    };
    const known = await outcomes(await customer(), 1);
    expect(await outcomes(`nobody@example.com`, 2)).toEqual(known);
    expect(new Set(known).size).toBe(2);
  });

  it('that come at once are counted before any is looked at', async () => {
    const email = await customer();
    const tries = Array.from({ length: 50 }, (_, index) =>
      tryOnce(email, 'x', 1, index % 2 === 0 ? cell : other),
    );
    const reasons = (await Promise.allSettled(tries)).map(
      (outcome) => outcome.status === 'rejected' && Reflect.get(Object(outcome.reason), 'reason'),
    );
    expect(reasons.filter((reason) => reason === 'SIGN_IN_REFUSED')).toHaveLength(4);
  });
});

describe('links by mail', () => {
  it('are not sent to one address too often, and nobody learns of it', async () => {
    const email = `often-${(addresses += 1)}@example.net`;
    for (let index = 0; index < 4; index += 1)
      await cell.get(SignUps).request(email.toUpperCase(), from(index));
    const sent = cell.mail.accepted.filter(({ to }) => to.toLowerCase() === email);
    expect(sent).toHaveLength(2);
    // What was sent stays valid.
    await cell.get(SignUps).find(cell.mail.linkTo(email));
  });

  it('are asked for by one network a few times an hour', async () => {
    addresses += 1;
    const ask = (index: number) => cell.get(NewPasswords).request(`n${index}@example.net`, from(1));
    for (let index = 0; index < 3; index += 1) await ask(index);
    await expect(ask(4)).rejects.toMatchObject(limited);
  });
});
