import { AccountStore } from '../../../src/accounts/account.store.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { hashSessionValue, newSessionValue } from '../../../src/accounts/sessions/session-value.js';
import { TokenStore } from '../../../src/accounts/tokens/token.store.js';
import { TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import { ApiModule } from '../../../src/api/api.module.js';
import { PagesModule } from '../../../src/pages/pages.module.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { routesOf } from '../../support/route-table.js';
import { CUSTOM, RoleCells, type CalledAnswer, type RoleCell } from './role-cells.js';
import { isOffered, lineOf, oneRoundOfEach, pressIn, serveCustomDomain } from './serving-scene.js';

const VALUE = 'the code is 4711';
const HOST = 'eu.onetime.test';
const ORIGIN = { 'sec-fetch-site': 'same-origin' };
const UNKNOWN = requireHostname('unknown.customer.test');

let cells: RoleCells;
let serve: RoleCell;
let auth: string;
let cookie: string;
const called = new Set<string>();

beforeAll(async () => {
  cells = await RoleCells.open();
  const { dataSource, statements } = cells.database;
  // Writes the check value of the root key, which the serving login may not.
  await (await cells.start('work')).close();
  const tokens = new TokensService(new TokenStore(dataSource));
  const accounts = new AccountsService(new AccountStore(statements, dataSource), tokens);
  const { account, token } = await accounts.create('owner@example.com', 'identity_plus');
  auth = `Basic ${Buffer.from(`owner@example.com:${token}`).toString('base64')}`;
  const session = newSessionValue();
  cookie = `__Host-session=${session}`;
  await dataSource.query(
    `insert into sessions (value_hash, account_id, method, network, last_seen_at, last_seen_from, expires_at)
     values ($1, $2, 'password', 'n', now() - interval '1 hour', 'n', now() + interval '1 day')`,
    [hashSessionValue(session, cells.config.region), account.id],
  );
  await dataSource.query(
    `insert into outbox_listeners (reader, account_id, types) values ('webhooks', $1, '{secret.*}')`,
    [account.id],
  );
  await serveCustomDomain(cells, account.id);
  await cells.grant();
  serve = await cells.start('serve');
});

afterAll(() => cells.close());

/** A call of a route by its template, which counts as driven. */
async function drive(
  line: string,
  parameters: Readonly<Record<string, string>> = {},
  call: Parameters<RoleCell['call']>[1] = {},
): Promise<CalledAnswer> {
  const [method = '', template = ''] = line.split(' ');
  called.add(line);
  const path = template.replace(/:(\w+)/g, (_, name: string) => parameters[name] ?? name);
  const answer = await serve.call(path, { method, ...call });
  expect({ line, status: answer.status, text: answer.text }).not.toMatchObject({ status: 421 });
  if (answer.status >= 500)
    throw new Error(`${line}: ${answer.status} ${serve.logs.slice(-3).join('')}`);
  return answer;
}

interface Shared {
  readonly secret_key: string;
  readonly metadata_key: string;
}

async function shared(form: object = {}, call: object = {}): Promise<Shared> {
  const fields = { secret: VALUE, ttl: '3600', ...form };
  const answer = await drive('POST /api/v1/share', {}, { form: fields, ...call });
  if (answer.status !== 200) throw new Error(answer.text);
  return JSON.parse(answer.text) as Shared;
}

async function concealed(line = 'POST /api/v2/secret/conceal', secret: object = {}) {
  const json = { secret: { secret: VALUE, kind: 'conceal', ttl: 3600, ...secret } };
  const headers = line.includes('guest') ? {} : { authorization: auth };
  const answer = await drive(line, {}, { json, headers });
  const { record } = JSON.parse(answer.text) as {
    record: { receipt: { key: string }; secret: { key: string } };
  };
  return { receipt: record.receipt.key, secret: record.secret.key };
}

const signedIn = () => ({ headers: { authorization: auth } });

describe('a process that only serves, with its own login', () => {
  it('answers API v1', async () => {
    for (const call of [{}, signedIn(), { host: CUSTOM }]) {
      const { secret_key: key, metadata_key: receipt } = await shared({}, call);
      const opened = await drive('POST /api/v1/secret/:key', { key }, call);
      expect(opened.text).toContain(VALUE);
      for (const base of ['private', 'metadata', 'receipt'])
        await drive(`GET /api/v1/${base}/:key`, { key: receipt }, call);
      await drive('POST /api/v1/private/:key', { key: receipt }, call);
      const gone = await drive('POST /api/v1/secret/:key', { key }, call);
      expect(gone.text).toContain('Unknown secret');
    }
    for (const base of ['metadata', 'receipt'])
      await drive(`POST /api/v1/${base}/:key`, { key: 'none' }, signedIn());
    await drive('POST /api/v1/create', {}, { form: { secret: VALUE } });
    await drive('POST /api/v1/generate', {}, { form: { ttl: '60' }, ...signedIn() });
    await drive('GET /api/v1/authcheck', {}, signedIn());
    await drive('GET /api/v1/status', {}, signedIn());
    for (const base of ['private', 'metadata', 'receipt']) {
      expect((await drive(`GET /api/v1/${base}/recent`, {}, signedIn())).status).toBe(200);
      await drive(`POST /api/v1/${base}/recent`, {}, signedIn());
      const { metadata_key: key } = await shared({ passphrase: 'open sesame' }, signedIn());
      const burned = await drive(
        `POST /api/v1/${base}/:key/burn`,
        { key },
        { form: { passphrase: 'open sesame' }, ...signedIn() },
      );
      expect(burned.text).toContain('burned');
    }
  });

  it('mails a link and writes events that it cannot read', async () => {
    const mailed = await shared(
      {
        recipient: 'them@example.com',
        notify_opened: 'true',
        passphrase: 'open sesame',
        passphrase_attempts: '1',
      },
      signedIn(),
    );
    const key = mailed.secret_key;
    await drive('POST /api/v1/secret/:key', { key }, { form: { passphrase: 'wrong' } });
    const gone = await drive(
      'POST /api/v1/secret/:key',
      { key },
      { form: { passphrase: 'open sesame' } },
    );
    expect(gone.text).toContain('Unknown secret');
    const owner = cells.database.dataSource;
    await expect(owner.query('select kind, count(*)::int from mails group by 1')).resolves.toEqual([
      { kind: 'secret_link', count: 1 },
    ]);
    const events = await owner.query<{ type: string }[]>('select type from outbox');
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['secret.created', 'secret.burned']),
    );
  });

  it('answers API v2', async () => {
    for (const guest of ['', 'guest/']) {
      const { secret: key, receipt } = await concealed(`POST /api/v2/${guest}secret/conceal`);
      await drive(`GET /api/v2/${guest}secret/:key`, { key });
      await drive('GET /api/v2/secret/:key/status', { key });
      await drive('POST /api/v2/secret/status', {}, { json: { identifiers: [key] } });
      const opened = await drive(
        `POST /api/v2/${guest}secret/:key/reveal`,
        { key },
        { json: { continue: true } },
      );
      expect(opened.text).toContain(VALUE);
      await drive(`GET /api/v2/${guest}receipt/:key`, { key: receipt }, signedIn());
      await drive(`POST /api/v2/${guest}secret/generate`, {}, { json: { secret: { ttl: 60 } } });
      const other = await concealed(`POST /api/v2/${guest}secret/conceal`);
      const burned = await drive(
        `POST /api/v2/${guest}receipt/:key/burn`,
        { key: other.receipt },
        { json: { continue: true }, ...(guest === '' ? signedIn() : {}) },
      );
      expect(burned.status).toBe(200);
    }
    const { receipt: key } = await concealed();
    await drive('GET /api/v2/private/:key', { key }, signedIn());
    const memo = { json: { memo: 'for the boiler' }, ...signedIn() };
    for (const path of ['receipt', 'private'])
      expect((await drive(`PATCH /api/v2/${path}/:key`, { key }, memo)).status).toBe(200);
    await drive('GET /api/v2/receipt/recent', {}, signedIn());
    await drive('GET /api/v2/private/recent', {}, signedIn());
    await drive(
      'POST /api/v2/private/:key/burn',
      { key },
      { json: { continue: true }, ...signedIn() },
    );
    for (const path of ['status', 'version', 'supported-locales'])
      await drive(`GET /api/v2/${path}`);
  });

  it('answers the pages of secrets, for a browser that is signed in too', async () => {
    const browser = { headers: { ...ORIGIN, cookie } };
    for (const call of [{ headers: ORIGIN }, { headers: ORIGIN, host: CUSTOM }, browser]) {
      const form = await drive('GET /', {}, call);
      const origin = { ...call.headers, origin: `https://${'host' in call ? CUSTOM : HOST}` };
      // Without a token against forged forms a browser that is signed in is refused.
      const csrf = /name="csrf"[^>]*value="([^"]*)"/.exec(form.text)?.[1] ?? '';
      const press = pressIn(form, '/');
      const post = (fields: object) => ({ ...call, headers: origin, form: { csrf, ...fields } });
      const made = await drive('POST /', {}, post({ press, secret: VALUE, ttl: '3600' }));
      const [, key = ''] = /receipt\/(\w+)\/created/.exec(made.headers.get('location') ?? '') ?? [];
      const created = await drive('GET /receipt/:key/created', { key }, call);
      const [, link = ''] = /\/secret\/(\w{31})/.exec(created.text) ?? [];
      await drive('GET /secret/:key', { key: link }, call);
      await drive('POST /receipt/:key/mail', { key }, post({ recipient: 'you@example.com' }));
      await drive('GET /receipt/:key', { key }, call);
      await drive('GET /private/:key', { key }, call);
      const envelope = await drive('GET /secret/:key', { key: link }, call);
      const opening = pressIn(envelope, `/secret/${link}`);
      const opened = await drive(
        'POST /secret/:key',
        { key: link },
        post({ press: opening, confirm: 'on' }),
      );
      expect(opened.text).toContain(VALUE);
      await drive('POST /receipt/:key/burn', { key }, post({ press: 'none' }));
      await drive('POST /receipt/:key/value', { key }, post({ press: 'none' }));
    }
    for (const path of [
      'style.css',
      'icon.svg',
      'favicon.ico',
      'robots.txt',
      'apple-touch-icon.png',
    ])
      await drive(`GET /${path}`);
    await drive('GET /apple-touch-icon-precomposed.png');
    await drive('GET /brand/:name', { name: 'logo-1.png' }, { host: CUSTOM });
    await drive('GET /imagine/:extid/logo.png', { extid: 'cd1' }, { host: CUSTOM });
    await drive('GET /api/docs');
    await drive('GET /api/docs/:file', { file: 'none.css' });
    await drive('GET /api/openapi.json');
    await drive('GET /.well-known/retention');
  });

  it('was driven through every route that it offers, and the database refused nothing', async () => {
    const offered = routesOf([ApiModule, PagesModule]).filter(isOffered).map(lineOf);
    expect(offered.length).toBeGreaterThan(40);
    expect(offered.filter((line) => !line.startsWith('OPTIONS') && !called.has(line))).toEqual([]);
    // What the gateway asks outside of routes.
    await serve.cell.names.keyAuthorization('token');
    await serve.cell.names.tlsAlpnContext(CUSTOM);
    await Promise.resolve(serve.cell.names.hostServer(CUSTOM)).catch(() => null);
    await serve.cell.wouldServe(UNKNOWN);
    await serve.cell.hostsWithoutCertificate();
    await serve.cell.metrics.metrics();
    await oneRoundOfEach(serve);
    expect(serve.cell.databaseState()).toBe('writable');
    expect(serve.denied).toEqual([]);
    expect(serve.logs.filter((line) => line.includes('42501'))).toEqual([]);
  });

  it('runs the loops that serving needs and no job', () => {
    expect([...serve.loops.keys()].toSorted()).toEqual([
      'ChangeFeed listen',
      'ChangeFeed read',
      'DatabaseClock',
      'DatabaseHealth',
      'LimitLifts',
      'PartitionRefresh',
      'SessionUses',
      'TicketKeysJob',
      'TokenUses',
    ]);
  });

  it('refuses the routes of accounts, domains and sign-in with 421, whoever calls', async () => {
    const others = routesOf([ApiModule, PagesModule]).filter((route) => !isOffered(route));
    expect(others.length).toBeGreaterThan(80);
    for (const { method, path } of others) {
      const answer = await serve.call(path.replace(/:(\w+)/g, 'x'), { method, ...signedIn() });
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 421 });
    }
  });
});
