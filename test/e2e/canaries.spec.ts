import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiModule } from '../../src/api/api.module.js';
import { PagesModule } from '../../src/pages/pages.module.js';
import { Canaries } from '../support/canaries.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer, Call } from '../support/https-client.js';
import { plainExchange, rawExchange } from '../support/raw-exchange.js';
import { routesOf } from '../support/route-table.js';
import { driveSignIn } from '../support/sign-in-canaries.js';
import { TestSmtp } from '../support/test-smtp.js';
import { until } from '../support/until.js';
import { confirmedIn } from '../support/person.js';

const EU = 'eu.onetime.localhost';
const ROUTES = routesOf([ApiModule, PagesModule]);
const OURS = { 'sec-fetch-site': 'same-origin' };
const dataDir = mkdtempSync(join(tmpdir(), 'gateway-canaries-'));
const canaries = new Canaries();

const smtpFolder = mkdtempSync(join(tmpdir(), 'gateway-canaries-smtp-'));
let smtp: TestSmtp;
let gateway: GatewayProcess;
let auth: string;
let logs = '';
/** Stored in clear in the database, by design, but never logged. */
const email = 'canary-account-owner@example.com';

beforeAll(async () => {
  smtp = await TestSmtp.start();
  writeFileSync(join(smtpFolder, 'root.pem'), smtp.tls.certificatePem);
  gateway = await startGateway();
  ({ auth } = await gateway.account('eu', email, 'identity_plus'));
  canaries.keep('the token', auth.split(':')[1] ?? '');
});
afterAll(async () => {
  await gateway.stop();
  await smtp.stop();
  rmSync(smtpFolder, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

const startGateway = (): Promise<GatewayProcess> =>
  GatewayProcess.start({
    dataDir,
    // Without a server the mails would be files in the data dir.
    environment: {
      GATEWAY_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      GATEWAY_SMTP_CA_FILE: join(smtpFolder, 'root.pem'),
      GATEWAY_MAIL_FROM: 'no-reply@example.com',
    },
  });
const eu = (request: Call): Promise<Answer> => gateway.call('eu', request);
const post = (path: string, more: Partial<Call> = {}): Promise<Answer> =>
  eu({ method: 'POST', path, ...more });

interface Made {
  readonly secret: string;
  readonly receipt: string;
  readonly passphrase: string;
}

/** Creates a secret at one endpoint with every field that holds a secret, and registers its keys as canaries. */
async function make(path: string, more: Partial<Call> = {}): Promise<Made> {
  const passphrase = canaries.word(`the passphrase of ${path}`);
  const form = {
    secret: canaries.word(`the value of ${path}`),
    passphrase,
    recipient: `${canaries.word(`the recipient of ${path}`)}@example.com`,
    ttl: 3600,
  };
  const answer = await post(path, { body: form, auth, ...more });
  expect(answer.status).toBe(200);
  const body = answer.json<Record<string, string>>();
  if (path.endsWith('/generate')) canaries.keep('the generated value', body['value'] ?? '');
  return { ...keep(path, body['secret_key'], body['metadata_key']), passphrase };
}

function keep(by: string, secret = '', receipt = ''): Omit<Made, 'passphrase'> {
  canaries.keep(`the secret key of ${by}`, secret);
  canaries.keep(`the metadata key of ${by}`, receipt);
  return { secret, receipt };
}

async function driveApi(): Promise<void> {
  const shared = await make('/api/v1/share');
  const created = await make('/api/v1/create');
  const generated = await make('/api/v1/generate?length=32');
  const wrong = { body: { passphrase: canaries.word('a wrong passphrase') } };
  const right = ({ passphrase }: Made): Partial<Call> => ({ body: { passphrase } });

  for (const alias of ['private', 'metadata', 'receipt']) {
    await eu({ path: `/api/v1/${alias}/${shared.receipt}` });
    await eu({ method: 'HEAD', path: `/api/v1/${alias}/${shared.receipt}` });
    await post(`/api/v1/${alias}/${shared.receipt}`, { auth });
    await eu({ path: `/api/v1/${alias}/recent`, auth });
    await post(`/api/v1/${alias}/recent`, { auth });
    await post(`/api/v1/${alias}/${created.receipt}/burn`, wrong);
  }
  await post(`/api/v1/secret/${shared.secret}`, wrong);
  await post(`/api/v1/secret/${shared.secret}?passphrase=${wrong.body.passphrase}`);
  expect((await post(`/api/v1/secret/${shared.secret}`, right(shared))).status).toBe(200);
  const burned = await post(`/api/v1/receipt/${created.receipt}/burn`, right(created));
  expect(burned.status).toBe(200);
  await post(`/api/v1/secret/${created.secret}`, right(created));
  await eu({ path: `/api/v1/private/${generated.receipt}` });
  await eu({ method: 'OPTIONS', path: `/api/v1/secret/${generated.secret}` });
  await eu({ path: '/api/v1/authcheck', auth });
  await eu({ path: '/api/v1/status', auth });
  // The other formats of a body. These secrets are not revealed.
  const json = JSON.stringify({ secret: canaries.word('a value in JSON'), ttl: 600 });
  await post('/api/v1/share', { body: json, headers: { 'content-type': 'application/json' } });
  await post(`/api/v1/share?secret=${canaries.word('a value in the query')}`);
  const part = `--x\r\nContent-Disposition: form-data; name="secret"\r\n\r\n`;
  await post('/api/v1/share', {
    body: `${part}${canaries.word('a value in a part')}\r\n--x--\r\n`,
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  });
}

/** API v2 with canaries in every field, from the creation to the end. */
async function driveApiV2(): Promise<void> {
  const send = (method: string, path: string, body: object, more: Partial<Call> = {}) =>
    eu({
      method,
      path: `/api/v2${path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...more,
    });
  const passphrase = canaries.word('the passphrase of v2');
  const fields = {
    secret: canaries.word('the value of v2'),
    passphrase,
    recipient: `${canaries.word('the recipient of v2')}@example.com`,
  };
  const conceal = async (path: string): Promise<Omit<Made, 'passphrase'>> => {
    const answer = await send('POST', path, { secret: fields }, { auth });
    const { record } = answer.json<{ record: Record<'receipt' | 'secret', { key: string }> }>();
    return keep(path, record.secret.key, record.receipt.key);
  };
  const [opened, burned] = [await conceal('/secret/conceal'), await conceal('/secret/generate')];
  const confirmed = { continue: true, passphrase };
  await send('PATCH', `/receipt/${opened.receipt}`, { memo: canaries.word('a memo') }, { auth });
  await eu({ path: `/api/v2/receipt/recent`, auth });
  for (const path of [`/secret/${opened.secret}`, `/secret/${opened.secret}/status`])
    await eu({ path: `/api/v2${path}` });
  await send('POST', '/secret/status', { identifiers: [opened.secret, burned.secret] });
  const wrong = { continue: true, passphrase: canaries.word('a wrong passphrase of v2') };
  await send('POST', `/secret/${opened.secret}/reveal`, wrong);
  await send('POST', `/receipt/${burned.receipt}/burn`, wrong);
  await send('POST', '/secret/conceal', { secret: canaries.word('a flat value') });
  await post('/api/v2/secret/conceal', { body: `secret[secret]=${canaries.word('a form of v2')}` });
  const [revealed, ended] = [
    await send('POST', `/secret/${opened.secret}/reveal`, confirmed),
    await send('POST', `/receipt/${burned.receipt}/burn`, confirmed),
  ];
  expect([revealed.status, ended.status]).toEqual([200, 200]);
  await eu({ path: `/api/v2/receipt/${opened.receipt}` });
}

async function driveApiErrors(): Promise<void> {
  const word = (name: string): string => canaries.word(name);
  const typed = (type: string): Partial<Call> => ({ headers: { 'content-type': type } });
  const share = (body: Call['body'], more: Partial<Call> = {}): Promise<Answer> =>
    post('/api/v1/share', { ...(body === undefined ? {} : { body }), ...more });

  await share(`{"secret":"${word('bad JSON')}`, typed('application/json'));
  await share(`[${word('JSON that is no object')}]`, typed('application/json'));
  await share(`--y\r\n${word('a bad part')}`, typed('multipart/form-data; boundary=x'));
  await share(`secret=%zz${word('a bad escape in a body')}`);
  await share('secret=x', typed(`text/${word('a type')}`));
  await share({ secret: word('a value too long').padEnd(150_000, '.') });
  await share(word('a body too long').padEnd(1_100_000, '.'));
  await share({ secret: 'x', passphrase: word('a passphrase too long').padEnd(200, '.') });
  await share({ secret: 'x', recipient: `${word('a bad recipient')}@` }, { auth });
  await share({ secret: 'x', recipient: `${word('an anonymous recipient')}@example.com` });
  await share({ secret: 'x', share_domain: `${word('a domain')}.example` }, { auth });
  await post('/api/v1/generate', { body: { length: word('a length') } });

  for (const path of ['/api/v1/', '/api/', '/api/v1/secret/', '/api/v1/private/', '/%zz']) {
    await post(`${path}${word(`a path after ${path}`)}`);
    await eu({ path: `${path}${word(`another path after ${path}`)}?${word('a query')}` });
    await eu({ path: `${path}%zz${word(`a bad path after ${path}`)}` });
  }
  await post(`/api/v1/secret/${word('a long key').padEnd(5000, 'k')}`);
  await post(`/api/v1/private/${word('a receipt key')}/burn`, { body: { passphrase: 'x' } });

  for (const path of ['/api/v1/status', '/api/v1/authcheck', '/']) {
    await eu({ path, auth: `${email}:${word('a wrong token')}` });
    await eu({ path, auth: `${word('a login')}@example.com:${'0'.repeat(40)}` });
    await eu({ path, headers: { authorization: `Bearer ${word('a bearer token')}` } });
    await eu({ path, headers: { authorization: `Basic ${word('garbage credentials')}` } });
  }
  const fields = ['cookie', 'user-agent', 'referer', 'x-forwarded-for', 'x-forwarded-host'];
  const headers = Object.fromEntries(fields.map((name) => [name, word(`the header ${name}`)]));
  await eu({ path: '/api/v1/status', headers });
}

async function driveAccount(): Promise<void> {
  const send = (method: string, path: string, body: object): Promise<Answer> =>
    eu({ method, path: `/api/account/tokens${path}`, body: JSON.stringify(body), auth });
  const made = await send('POST', '', { name: 'second', scopes: ['read'] });
  const { token, id } = made.json<{ record: { token: string; id: string } }>().record;
  canaries.keep('the second token', token);
  const rotated = await send('POST', `/${id}/rotate`, { overlap: 60 });
  canaries.keep('its new value', rotated.json<{ record: { token: string } }>().record.token);
  await eu({ path: '/api/v1/authcheck', auth: `${email}:${token}` });
}

/** A link to the set-up of a domain, its page and its events, as long as it opens and afterwards. */
async function driveSetupLink(): Promise<void> {
  const body = JSON.stringify({ domain: 'canary.acme.test' });
  const claimed = await post('/api/domains', { body, auth });
  const { id } = claimed.json<{ record: { id: string } }>().record;
  const made = await post(`/api/domains/${id}/setup-link`, { auth });
  const { url } = made.json<{ record: { url: string } }>().record;
  const { pathname } = new URL(url);
  canaries.keep('the token of a set-up link', pathname.slice('/setup/'.length));
  const visit = async (): Promise<void> => {
    await eu({ path: pathname, headers: { referer: url } });
    await eu({ method: 'HEAD', path: `${pathname}/events`, headers: { referer: url } });
    await post(`${pathname}/check`, { headers: OURS });
    await eu({ path: `/style.css`, headers: { referer: url } });
  };
  await visit();
  await eu({ method: 'DELETE', path: `/api/domains/${id}/setup-link`, auth });
  await visit();
}

async function driveEdge(): Promise<void> {
  const word = (name: string): string => canaries.word(name);
  const send = (text: string): Promise<unknown> => rawExchange(gateway.target(EU), text);
  await send(`${word('garbage')}\r\n\r\n`);
  await send(`GET /${word('an unknown host’s path')} HTTP/1.1\r\nHost: nobody.example\r\n\r\n`);
  await send(`GET / HTTP/1.1\r\nHost: ${word('a host')}.example\r\n\r\n`);
  await send(`GET / HTTP/1.1\r\nHost: _${word('a bad host')}\r\n\r\n`);
  await send(`GET / HTTP/1.1\r\nHost: ${EU}\r\nExpect: ${word('an expectation')}\r\n\r\n`);
  await send(`GET / HTTP/1.1\r\nHost: ${EU}\r\nX: ${word('a long header').padEnd(20_000)}\r\n\r\n`);
  const chunked = `POST /api/v1/share HTTP/1.1\r\nHost: ${EU}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  await send(`${chunked}5\r\n${word('a bad chunk')}`);
  for (const path of ['/secret/', '/api/v1/secret/']) {
    const line = `POST ${path}${word(`plain HTTP ${path}`)} HTTP/1.1\r\nHost: ${EU}\r\n\r\n`;
    await plainExchange(gateway.ports.http, line);
  }
}

async function drivePages(): Promise<void> {
  const page = async (
    path: string,
    fields: Record<string, string>,
    headers = OURS,
  ): Promise<Answer> => {
    const { text } = await eu({ path: path.replace(/\/(?:burn|value)$/, '') });
    return post(path, { body: { ...confirmedIn(text, path), ...fields }, headers });
  };
  const create = async (kind: string): Promise<Made> => {
    const passphrase = kind === 'share' ? canaries.word('the passphrase of a page') : '';
    const secret = canaries.word(`the value of a page (${kind})`);
    const { status, headers } = await page('/', { kind, secret, passphrase });
    expect(status).toBe(303);
    const { text } = await eu({ path: String(headers.location) });
    const [, secretKey] = /\/secret\/([0-9a-z]{31})\b/.exec(text) ?? [];
    const [, receiptKey] = /\/receipt\/([0-9a-z]{31})\b/.exec(text) ?? [];
    return { ...keep(`a page (${kind})`, secretKey, receiptKey), passphrase };
  };
  const wrong = { passphrase: canaries.word('a wrong passphrase of a page') };
  const [opened, burned, generated] = [
    await create('share'),
    await create('share'),
    await create('generate'),
  ];

  for (const path of [
    '/',
    '/style.css',
    '/icon.svg',
    '/robots.txt',
    '/favicon.ico',
    '/apple-touch-icon.png',
  ])
    await eu({ path });
  for (const path of [`/secret/${opened.secret}`, `/receipt/${burned.receipt}`]) {
    await eu({ path });
    await eu({ method: 'HEAD', path });
  }
  await eu({ path: `/private/${burned.receipt}` });
  await page(`/receipt/${generated.receipt}/value`, {});
  await page(`/secret/${opened.secret}`, wrong);
  await page(`/secret/${opened.secret}`, opened as never, { 'sec-fetch-site': 'cross-site' });
  expect((await page(`/secret/${opened.secret}`, { passphrase: opened.passphrase })).status).toBe(
    200,
  );
  await page(`/receipt/${burned.receipt}/burn`, wrong);
  expect(
    (await page(`/receipt/${burned.receipt}/burn`, { passphrase: burned.passphrase })).status,
  ).toBe(200);
  await page('/', { kind: 'share', secret: canaries.word('a long page').padEnd(20_000, '.') });
  for (const path of ['/secret/', '/receipt/', '/private/', '/']) {
    await eu({ path: `${path}${canaries.word(`a page after ${path}`)}` });
  }
}

/** Every route that exists, so that a new one is covered: words in the path, the query, the body and the header. */
async function driveRoutes(): Promise<void> {
  for (const { method, path } of ROUTES) {
    // One word for all fields: each word is searched for in every file.
    const word = canaries.word(`a field of ${method} ${path}`);
    const fields = ['secret', 'passphrase', 'private_key', 'chain', 'cursor', 'memo', 'unknown'];
    const body = JSON.stringify(Object.fromEntries(fields.map((field) => [field, word])));
    const request: Call = {
      method,
      path: `${path.replaceAll(/:\w+/g, word)}?${word}=${word}`,
      headers: { ...OURS, 'content-type': 'application/json', 'x-canary': word },
    };
    await eu(method === 'GET' ? request : { ...request, body });
    const answer = await eu(method === 'GET' ? { ...request, auth } : { ...request, body, auth });
    if (path === '/api/account/apitoken') {
      const { apitoken } = answer.json<{ record: { apitoken: string } }>().record;
      auth = `${email}:${canaries.keep('the renewed token', apitoken)}`;
    }
  }
}

describe('a canary in every secret field', () => {
  it('was sent to every route', async () => {
    await driveApi();
    await driveApiV2();
    await driveApiErrors();
    await driveAccount();
    await driveSignIn({ gateway, smtp, canaries });
    await driveSetupLink();
    await driveEdge();
    await drivePages();
    await driveRoutes();
    const expected = [...ROUTES.map(({ path }) => path), '/api/v1/status', 'edge', 'unmatched'];
    expect(ROUTES.length).toBeGreaterThan(40);
    let missing = expected;
    await until('every route is in the log', () => {
      const routes = new Set(
        [...gateway.logs.matchAll(/"route":"([^"]*)"/g)].map(([, route]) => route),
      );
      missing = expected.filter((route) => !routes.has(route));
      return missing.length === 0;
    });
    expect(gateway.logs).not.toMatch(/"status":500/);
  });

  it('is in no log line, also when the database process dies', async () => {
    expect(await gateway.end()).toBe(0);
    logs += gateway.logs;
    gateway = await startGateway();
    const made = await make('/api/v1/share');
    const pid = readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
    process.kill(Number(pid.split('\n', 1)[0]), 'SIGQUIT');
    for (const request of [
      { path: `/api/v1/secret/${made.secret}`, body: { passphrase: made.passphrase } },
      { path: `/api/v1/private/${made.receipt}` },
      { path: '/api/v1/share', body: { secret: canaries.word('a value in an outage') } },
      { path: '/api/v1/authcheck', auth },
      { path: `/secret/${made.secret}` },
    ]) {
      // The request may fail: only the log lines matter.
      await eu(request).catch(() => null);
    }
    await gateway.end();
    logs += gateway.logs;

    expect(logs).toMatch(/"level":"(?:warn|error)"/);
    expect(canaries.foundIn(Buffer.from(logs))).toEqual([]);
    expect(logs).not.toContain('canary-account-owner');
  });

  it('is in no file of the data directory, including the write-ahead log', () => {
    // A control: the e-mail address is stored in clear, so the search must find it.
    const control = new Canaries();
    control.keep('the address', email);
    expect(control.foundBelow(dataDir).join()).toMatch(/base.*pg_wal|pg_wal.*base/s);
    expect(canaries.foundBelow(dataDir)).toEqual([]);
  });
});
