import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer } from '../support/https-client.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';
import { outcomeOf, V1Caller } from '../support/v1-caller.js';

let gateway: GatewayProcess;
let auth: string;
const email = 'owner@example.com';
const dataDir = mkdtempSync(join(tmpdir(), 'gateway-account-'));

beforeAll(async () => {
  gateway = await GatewayProcess.start({ dataDir });
  ({ auth } = await gateway.account('eu', email, 'identity_plus'));
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function account(method: string, path: string, body?: object, by = auth): Promise<Answer> {
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  return gateway.call('eu', { method, path: `/api/account${path}`, auth: by, ...payload });
}

/** The login of a new token with these scopes. */
async function withScopes(...scopes: string[]): Promise<string> {
  const answer = await account('POST', '/tokens', { name: `of ${scopes.join(' ')}`, scopes });
  expect(answer.status).toBe(201);
  return `${email}:${answer.json<{ record: { token: string } }>().record.token}`;
}

describe('a token of one scope', () => {
  it('reads and reveals with the scope read, and creates and burns with the scope create', async () => {
    const [reader, creator] = [
      new V1Caller(gateway, 'eu', { auth: await withScopes('read') }),
      new V1Caller(gateway, 'eu', { auth: await withScopes('create') }),
    ];
    const missing = (scope: string) => [
      404,
      { message: `This token does not have the scope ${scope}` },
    ];
    const { secret_key, metadata_key } = await creator.share('hello');
    for (const answer of [
      await reader.post('/share', { secret: 'hello' }),
      await reader.post('/generate'),
      await reader.burn(metadata_key),
    ]) {
      expect(outcomeOf(answer)).toEqual(missing('create'));
      expect(answer.headers['x-ots-intended-status']).toBe('403');
    }
    for (const answer of [
      await creator.reveal(secret_key),
      await creator.get(`/private/${metadata_key}`),
      await creator.get('/private/recent'),
    ])
      expect(outcomeOf(answer)).toEqual(missing('read'));
    for (const caller of [reader, creator])
      expect((await caller.get('/authcheck')).status).toBe(200);

    expect((await reader.metadata(metadata_key)).state).toBe('new');
    expect((await reader.reveal(secret_key)).status).toBe(200);
    const second = await creator.share('hello');
    expect((await creator.burn(second.metadata_key)).status).toBe(200);
  });

  it('manages domains with the scope domains only, and nothing with another', async () => {
    const [owner, other] = [await withScopes('domains'), await withScopes('read', 'account')];
    const list = (by: string) => gateway.call('eu', { path: '/api/domains', auth: by });
    expect((await list(owner)).status).toBe(200);
    const refused = await list(other);
    expect([refused.status, refused.json()]).toMatchObject([403, { code: 'SCOPE_MISSING' }]);
    expect((await account('GET', '', undefined, owner)).status).toBe(403);
  });
});

describe('a token', () => {
  it('shows its last use, and is refused with the next request after it was revoked', async () => {
    const by = await withScopes('read', 'domains');
    expect((await account('GET', '', undefined, by)).status).toBe(200);
    const find = async () =>
      (await account('GET', '/tokens'))
        .json<{ records: { id: string; name: string; last_used_on: string | null }[] }>()
        .records.find(({ name }) => name === 'of read domains');
    await until('the last use is written', async () => (await find())?.last_used_on !== null);
    const { id = '' } = (await find()) ?? {};
    expect((await account('DELETE', `/tokens/${id}`)).status).toBe(200);
    expect((await account('GET', '', undefined, by)).status).toBe(401);
  });

  it('signs in with the account’s id in place of the address', async () => {
    const { extid } = (await account('GET', '')).json<{ record: { extid: string } }>().record;
    const token = auth.slice(auth.indexOf(':'));
    expect((await account('GET', '', undefined, `${extid}${token}`)).status).toBe(200);
    expect((await account('GET', '', undefined, `${extid}:${'0'.repeat(40)}`)).status).toBe(401);
  });

  it('of another region is unknown', async () => {
    const answer = await gateway.call('us', { path: '/api/account', auth });
    expect(answer.status).toBe(401);
  });
});

it('exports an account as a file', async () => {
  await new V1Caller(gateway, 'eu', { auth }).share('hello', { recipient: 'somebody@example.com' });
  const answer = await account('GET', '/export');
  expect(answer.headers['content-disposition']).toBe('attachment; filename="onetime-account.json"');
  expect(answer.headers['cache-control']).toBe('no-store');
  const file = answer.json<{ secrets: object[] }>();
  expect(file.secrets).toContainEqual(
    expect.objectContaining({ state: 'new', recipients: ['so*****@e*****.com'] }),
  );
  expect(answer.text).not.toContain(auth.split(':')[1]);
});

describe('a closed account', () => {
  it('is gone with its secrets and domains, also when the gateway was killed during the closing', async () => {
    const caller = new V1Caller(gateway, 'eu', { auth });
    const { secret_key, metadata_key } = await caller.share('hello');
    const claimed = await gateway.call('eu', {
      path: '/api/domains',
      method: 'POST',
      body: JSON.stringify({ domain: 'closing.example.com' }),
      auth,
    });
    expect(claimed.status).toBe(201);
    const preview = await account('GET', '/closing');
    const { record } = preview.json<{ record: { confirmation: string; domains: string[] } }>();
    expect(record).toMatchObject({ unread_secrets: 2, domains: ['closing.example.com'] });
    // Killed as soon as it is decided, in whichever step the request is.
    const { confirmation } = record;
    const answer = account('POST', '/closing', { confirmation }).catch(() => null);
    await until('the closing has begun', async () => {
      const rows = await query({ dataDir }, 'eu', {
        text: `select state from accounts where state = 'closing'`,
      });
      return rows.length === 1;
    });
    await gateway.end('SIGKILL');
    await answer;
    gateway = await GatewayProcess.start({ dataDir });
    expect((await account('GET', '')).status).toBe(401);
    await query({ dataDir }, 'eu', {
      text: `update accounts set closing_at = now() where state = 'closing'`,
    });
    await until('the account is gone', async () => {
      const [row] = await query({ dataDir }, 'eu', {
        text: `select (select count(*) from accounts)::int as accounts,
          (select count(*) from domains where removed_at is null)::int as domains`,
      });
      return row?.['accounts'] === 0 && row['domains'] === 0;
    });
    const anonymous = new V1Caller(gateway, 'eu');
    expect((await anonymous.reveal(secret_key)).json()).toMatchObject({
      message: 'Unknown secret',
    });
    expect((await anonymous.metadata(metadata_key)).state).toBe('burned');
    await gateway.account('eu', email);
  });
});
