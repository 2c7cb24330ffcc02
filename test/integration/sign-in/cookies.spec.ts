import { Controller, Get, Post } from '@nestjs/common';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import { AccountRequired } from '../../../src/auth/account-required.decorator.js';
import type { Caller } from '../../../src/auth/caller.js';
import { CurrentCaller } from '../../../src/auth/current-caller.decorator.js';
import { FreshSignIn } from '../../../src/auth/fresh-sign-in.decorator.js';
import { Scoped } from '../../../src/auth/scoped.decorator.js';
import { SESSION_COOKIE } from '../../../src/auth/session-cookie.js';
import { BASE_HOST, BrowserCell, CUSTOM_HOST } from './browser-cell.js';

const HOST = 'eu.onetime.localhost:8443';
const ORIGIN = `https://${HOST}`;

function who({ account, session, token }: Caller): string {
  if (account === null) return 'anonymous';
  return `${account.email} by ${session === null ? (token?.name ?? 'nothing') : 'session'}`;
}

@Controller()
@Scoped('account')
class PageController {
  @Get('page')
  show(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }

  @Get('style')
  @Scoped('any')
  style(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }

  @Post('page')
  @AccountRequired()
  change(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }

  @Post('page/fresh')
  @FreshSignIn('browsers')
  fresh(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }

  @Post('page/browsers')
  @FreshSignIn('browsers only')
  browsers(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }
}

/** The same answer below every path of the API. */
@Controller(['api/account', 'api/domains', 'api/v1', 'api/v2', 'api/accounts'])
@Scoped('account')
class ApiController {
  @Get('who')
  show(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }

  @Post('who')
  change(@CurrentCaller() caller: Caller): string {
    return who(caller);
  }
}

interface Shot {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Record<string, string>;
  readonly payload?: string;
  readonly cookie?: string;
}

let cell: BrowserCell;
let email: string;
let basic: string;
let cookie: string;
let csrf: string;

async function send(path: string, shot: Shot = {}) {
  const { method = 'GET', headers, payload, cookie: own = cookie } = shot;
  const answer = await cell.app.inject({
    method,
    url: path,
    headers: { host: HOST, ...(own === '' ? {} : { cookie: own }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return answer.body;
}

const asHost = (host: string, path = '/page') => send(path, { headers: { host } });

/** The code or the reason of a refusal by the API. */
async function refusalOf(path: string, shot: Shot): Promise<unknown> {
  const body = JSON.parse(await send(path, { method: 'POST', ...shot })) as { code?: unknown };
  return body.code;
}

beforeAll(async () => {
  cell = await BrowserCell.start({ controllers: [PageController, ApiController] });
  const { account, token } = await cell.account('ann@example.com');
  ({ email } = account);
  basic = `Basic ${btoa(`${email}:${token}`)}`;
  const { session } = await cell.signedIn(email);
  cookie = `${SESSION_COOKIE}=${session.value}`;
  csrf = (await cell.get(Sessions).authenticate(session.value))?.session.csrfToken ?? '';
});
afterAll(() => cell.close());

describe('the cookie of a session', () => {
  it('signs in on the own host of the region only', async () => {
    expect(await send('/page')).toBe('ann@example.com by session');
    expect(await asHost(CUSTOM_HOST)).toBe('anonymous');
    expect(await asHost(BASE_HOST)).toBe('anonymous');
    expect(await asHost(CUSTOM_HOST, '/api/account/who')).toBe('anonymous');
  });

  it('opens the API of the account and of domains, and no other', async () => {
    expect(await send('/api/account/who')).toBe('ann@example.com by session');
    expect(await send('/api/domains/who')).toBe('ann@example.com by session');
    for (const path of ['v1', 'v2', 'accounts'])
      expect(await send(`/api/${path}/who`)).toBe('anonymous');
  });

  it('is not looked at where everybody is shown the same', async () => {
    expect(await send('/style')).toBe('anonymous');
  });

  it('counts for nothing beside an Authorization header', async () => {
    expect(await send('/page', { headers: { authorization: basic } })).toBe(
      'ann@example.com by default',
    );
    for (const authorization of ['', 'Bearer x', 'Basic eDp5'])
      expect(await send('/page', { headers: { authorization } })).toBe('undefined');
    // No token of the session is needed either.
    expect(await send('/page', { method: 'POST', headers: { authorization: basic } })).toBe(
      'ann@example.com by default',
    );
  });

  it.each([
    ['none', () => ''],
    ['another name', () => cookie.replace('__Host-', '')],
    ['another letter case', () => cookie.replace('__Host', '__host')],
    ['a prefix', () => `x${cookie}`],
    ['two of them', () => `${cookie}; ${cookie}`],
    ['an unknown one in front', () => `${SESSION_COOKIE}=x; ${cookie}`],
    ['an unknown value', () => `${SESSION_COOKIE}=${'a'.repeat(43)}`],
    ['an empty value', () => `${SESSION_COOKIE}=`],
    ['a quoted value', () => cookie.replace('=', '="').concat('"')],
    ['a value with more', () => `${cookie}x`],
    ['the id of the session', async () => `${SESSION_COOKIE}=${await sessionId()}`],
    ['garbage', () => `;;=;\u00e9=${'x'.repeat(4000)}`],
  ])('is like none with %s', async (_name, sent) => {
    expect(await send('/page', { cookie: await sent() })).toBe('anonymous');
  });

  it('is read among others', async () => {
    expect(await send('/page', { cookie: `a=b;${cookie} ;c="d=e"` })).toBe(
      'ann@example.com by session',
    );
  });
});

async function sessionId(): Promise<string> {
  const [row] = await cell.query<{ id: string }>('select id from sessions limit 1');
  return row?.id ?? '';
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a change by session', () => {
  const post = (headers: Record<string, string>, payload = '', path = '/page') =>
    send(path, { method: 'POST', headers, payload });

  it('needs the origin of the host, and the token in a header or in the form', async () => {
    const done = 'ann@example.com by session';
    const own = { origin: ORIGIN };
    expect(await post({ ...own, 'x-csrf-token': csrf })).toBe(done);
    expect(await post({ ...own, ...FORM }, `a=b&csrf=${csrf}`)).toBe(done);
    expect(await post({ 'sec-fetch-site': 'same-origin', 'x-csrf-token': csrf })).toBe(done);
    const boundary = 'multipart/form-data; boundary=x';
    const part = `--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--x--\r\n`;
    expect(await post({ ...own, 'content-type': boundary }, part)).toBe(done);
  });

  it.each([
    ['no origin', {}, 'FOREIGN_ORIGIN'],
    ['another origin', { origin: 'https://evil.example' }, 'FOREIGN_ORIGIN'],
    ['an opaque origin', { origin: 'null' }, 'FOREIGN_ORIGIN'],
    ['a custom domain', { origin: `https://${CUSTOM_HOST}:8443` }, 'FOREIGN_ORIGIN'],
    ['another site', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }, 'FOREIGN_ORIGIN'],
    [
      'another host of the site',
      { origin: ORIGIN, 'sec-fetch-site': 'same-site' },
      'FOREIGN_ORIGIN',
    ],
  ])('is refused from %s, with the right token', async (_name, headers, reason) => {
    expect(await post({ ...headers, 'x-csrf-token': csrf } as Record<string, string>)).toBe(reason);
  });

  it.each([
    ['no token', {}, ''],
    ['an empty header', { 'x-csrf-token': '' }, ''],
    ['the token of another session', { 'x-csrf-token': 'a'.repeat(43) }, ''],
    ['a wrong header, whatever the form has', { 'x-csrf-token': 'x' }, 'right'],
    ['an empty field', FORM, 'csrf='],
    ['a wrong field', FORM, 'csrf=x'],
    ['two fields', FORM, 'right&csrf=x'],
    ['the token in JSON', { 'content-type': 'application/json' }, '{"csrf":"right"}'],
  ])('is refused with %s', async (_name, headers, body) => {
    const payload = body.replace(/^right/, `csrf=${csrf}`).replace('"right"', `"${csrf}"`);
    const form = body.startsWith('right') ? FORM : {};
    expect(
      await post({ origin: ORIGIN, ...form, ...headers } as Record<string, string>, payload),
    ).toBe('CSRF_TOKEN');
  });

  it('of the API takes the token in the header only', async () => {
    const headers = { origin: ORIGIN };
    expect(await post({ ...headers, 'x-csrf-token': csrf }, '', '/api/account/who')).toBe(
      'ann@example.com by session',
    );
    for (const shot of [{ headers }, { headers: { ...headers, ...FORM }, payload: `csrf=${csrf}` }])
      expect(await refusalOf('/api/account/who', shot)).toBe('CSRF_TOKEN');
  });

  it('is no concern of those who are not signed in', async () => {
    expect(await send('/page/fresh', { method: 'POST', cookie: '' })).toBe('anonymous');
  });
});

describe('what protects an account', () => {
  const change = (path: string) =>
    send(path, { method: 'POST', headers: { origin: ORIGIN, 'x-csrf-token': csrf } });

  it('is changed by a browser that has signed in lately, or by a token where that may', async () => {
    for (const path of ['/page/fresh', '/page/browsers'])
      expect(await change(path)).toBe('ann@example.com by session');
    await cell.query(`update sessions set signed_in_at = signed_in_at - interval '10 minutes'`);
    for (const path of ['/page/fresh', '/page/browsers'])
      expect(await change(path)).toBe('SIGN_IN_AGAIN');
    const headers = { authorization: basic };
    expect(await send('/page/fresh', { method: 'POST', headers })).toBe(
      'ann@example.com by default',
    );
    expect(await send('/page/browsers', { method: 'POST', headers })).toBe('SESSION_NEEDED');
  });

  it('ends with the account: a suspended one is anonymous', async () => {
    await cell.get(AccountsService).suspend(email);
    expect(await send('/page')).toBe('anonymous');
    expect(await change('/page')).toContain('undefined');
  });
});
