import type { OutgoingHttpHeaders } from 'node:http';
import { GatewayProcess } from '../support/gateway-process.js';
import { outcomeOf, V1Caller } from '../support/v1-caller.js';

const STATUS = { status: 'nominal', locale: 'en' };
const EMAIL = 'sender@example.com';

let gateway: GatewayProcess;
let anonymous: V1Caller;
let account: { readonly auth: string; readonly email: string };

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  anonymous = new V1Caller(gateway, 'eu');
  account = await gateway.account('eu', EMAIL);
});

afterAll(() => gateway.stop());

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const tokenOf = ({ auth }: { readonly auth: string }): string => auth.slice(auth.indexOf(':') + 1);

async function statusWith(auth: string, region = 'eu'): Promise<number> {
  return (await gateway.call(region, { path: '/api/v1/authcheck', auth })).status;
}

/** Runs an operator's command on accounts of `eu` and returns what it printed. */
async function operate(...words: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await gateway.command(
    'account',
    ...words,
    '--region',
    'eu',
    '--json',
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('credentials', () => {
  it('are the e-mail address in any letter case and the token', async () => {
    expect(tokenOf(account)).toMatch(/^[0-9a-f]{40}$/);
    for (const auth of [account.auth, `SENDER@Example.com:${tokenOf(account)}`]) {
      const answer = await gateway.call('eu', { path: '/api/v1/authcheck', auth });
      expect(outcomeOf(answer)).toEqual([200, STATUS]);
    }
  });

  it('are accepted after the scheme Basic in any letter case', async () => {
    for (const scheme of ['Basic', 'basic', 'BASIC']) {
      const headers = { authorization: `${scheme} ${base64(account.auth)}` };
      expect((await anonymous.send({ path: '/authcheck', headers })).status).toBe(200);
    }
  });
});

describe('a present Authorization header that does not sign in', () => {
  const good = (): string => base64(account.auth);
  const forms: Readonly<Record<string, () => string | string[]>> = {
    'is empty': () => '',
    'is the scheme alone': () => 'Basic',
    'is the scheme and a space': () => 'Basic ',
    'has an empty login and an empty token': () => 'Basic Og==',
    'has no login': () => `Basic ${base64(`:${tokenOf(account)}`)}`,
    'has no token': () => `Basic ${base64(`${EMAIL}:`)}`,
    'has no colon': () => `Basic ${base64(EMAIL)}`,
    'has another scheme': () => `Bearer ${good()}`,
    'has a scheme that ends in Basic': () => `XBasic ${good()}`,
    'has text before the scheme': () => `x Basic ${good()}`,
    'has text after the base64': () => `Basic ${good()} junk`,
    'has a comma after the base64': () => `Basic ${good()},`,
    'has two spaces': () => `Basic  ${good()}`,
    'has a tab': () => `Basic\t${good()}`,
    'is not base64': () => 'Basic ****',
    'has too much padding': () => `Basic ${good()}=`,
    'has text after the token': () => `Basic ${base64(`${account.auth}:junk`)}`,
    'has a line break in the token': () => `Basic ${base64(`${account.auth}\n`)}`,
    'has bytes that are not UTF-8': () => `Basic ${base64(Buffer.from([0xff, 0xfe, 0x3a, 0x61]))}`,
    'has the token in upper case': () =>
      `Basic ${base64(`${EMAIL}:${tokenOf(account).toUpperCase().replace(/^\d*$/, 'A')}`)}`,
    'has a truncated token': () => `Basic ${base64(account.auth.slice(0, -1))}`,
    'has the wrong token': () => `Basic ${base64(`${EMAIL}:${'0'.repeat(40)}`)}`,
    'has an unknown login': () => `Basic ${base64(`nobody@example.com:${tokenOf(account)}`)}`,
    'occurs twice': () => [`Basic ${good()}`, `Basic ${good()}`],
    'occurs twice, once valid': () => [`Basic ${good()}`, 'Basic Og=='],
  };

  it.each(Object.keys(forms))('%s: every route refuses it and changes nothing', async (name) => {
    const authorization = forms[name]?.() ?? '';
    const { secret_key, metadata_key } = await anonymous.share('hello');
    const calls = [
      ['GET', '/status'],
      ['GET', '/authcheck'],
      ['POST', '/share?secret=hello'],
      ['POST', '/create?secret=hello'],
      ['POST', '/generate'],
      ['POST', `/secret/${secret_key}`],
      ['GET', `/private/${metadata_key}`],
      ['POST', `/metadata/${metadata_key}`],
      ['POST', `/private/${metadata_key}/burn`],
      ['POST', `/receipt/${metadata_key}/burn`],
      ['GET', '/private/recent'],
    ] as const;
    for (const [method, path] of calls) {
      const answer = await anonymous.send({
        method,
        path,
        headers: { authorization } as OutgoingHttpHeaders,
      });
      expect([path, ...outcomeOf(answer)]).toEqual([path, 404, { message: 'Not authorized' }]);
      expect(answer.headers['x-ots-intended-status']).toBe('401');
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    }
    expect((await anonymous.metadata(metadata_key)).state).toBe('new');
    expect((await anonymous.reveal(secret_key)).status).toBe(200);
  });

  it('gets the same answer for an unknown login as for a wrong token', async () => {
    const [unknown, wrong] = await Promise.all(
      [`nobody@example.com:${'0'.repeat(40)}`, `${EMAIL}:${'0'.repeat(40)}`].map((auth) =>
        gateway.call('eu', { path: '/api/v1/authcheck', auth }),
      ),
    );
    const withoutIds = ({
      date: _date,
      'x-request-id': _id,
      ...headers
    }: Record<string, unknown>) => headers;
    expect(unknown?.text).toBe(wrong?.text);
    expect(withoutIds(unknown?.headers ?? {})).toEqual(withoutIds(wrong?.headers ?? {}));
  });
});

describe('accounts', () => {
  it('belong to one region', async () => {
    const refused = await gateway.call('us', { path: '/api/v1/authcheck', auth: account.auth });
    expect(outcomeOf(refused)).toEqual([404, { message: 'Not authorized' }]);
    expect(refused.headers['x-ots-intended-status']).toBe('401');
    const twin = await gateway.account('us', EMAIL);
    expect([await statusWith(twin.auth, 'us'), await statusWith(twin.auth, 'eu')]).toEqual([
      200, 404,
    ]);
    const made = await new V1Caller(gateway, 'eu', account).share('hello');
    const list = await new V1Caller(gateway, 'us', twin).get('/private/recent');
    expect(list.text).not.toContain(made.metadata_key);
  });

  it('of the default region are accepted on the base domain', async () => {
    const american = await gateway.account('us', 'american@example.com');
    expect([await statusWith(american.auth, ''), await statusWith(account.auth, '')]).toEqual([
      200, 404,
    ]);
  });

  it('are refused while suspended, also on routes that need no account', async () => {
    const { auth, email } = await gateway.account('eu', 'suspended@example.com');
    expect(await statusWith(auth)).toBe(200);

    await operate('suspend', '--email', email);
    expect(await statusWith(auth)).toBe(404);
    const suspended = new V1Caller(gateway, 'eu', { auth });
    for (const answer of [
      await suspended.get('/status'),
      await suspended.post('/share', { secret: 'x' }),
    ]) {
      expect(outcomeOf(answer)).toEqual([404, { message: 'Not authorized' }]);
    }

    await operate('resume', '--email', email);
    expect(await statusWith(auth)).toBe(200);
  });

  it('accept an old token during the overlap of a rotation, and not without one', async () => {
    const { auth: first, email } = await gateway.account('eu', 'rotating@example.com');
    const rotate = async (...words: string[]) => {
      const { token } = await operate('token', 'rotate', '--email', email, ...words);
      return `${email}:${String(token)}`;
    };
    const second = await rotate('--overlap', '3600');
    expect([await statusWith(first), await statusWith(second)]).toEqual([200, 200]);

    const third = await rotate();
    const all = [await statusWith(first), await statusWith(second), await statusWith(third)];
    expect(all).toEqual([404, 404, 200]);
  });

  it('get the limits of a new plan with the next request', async () => {
    const { auth, email } = await gateway.account('eu', 'upgraded@example.com');
    const caller = new V1Caller(gateway, 'eu', { auth });
    const big = 'x'.repeat(50_000);
    expect((await caller.post('/share', { secret: big })).status).toBe(404);
    await operate('plan', '--email', email, '--plan', 'identity_plus');
    expect((await caller.post('/share', { secret: big })).status).toBe(200);
  });

  it('are refused after their removal, and their unread secrets are burned', async () => {
    const { auth, email } = await gateway.account('eu', 'leaving@example.com');
    const made = await new V1Caller(gateway, 'eu', { auth }).share('hello');
    await operate('remove', '--email', email);
    expect(await statusWith(auth)).toBe(404);
    expect((await anonymous.reveal(made.secret_key)).status).toBe(404);
  });
});
