import { readFileSync } from 'node:fs';
import { ADMIN_OPERATIONS } from '../../src/admin/admin-operations.js';
import { adminPort, AdminClient, makeKey, sendAdmin } from '../support/admin-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { query } from '../support/region-database.js';

const LISTS = ADMIN_OPERATIONS.filter(
  ({ method, path }) => method === 'get' && !/\{(?!region)/.test(path),
).map((operation) => [operation.operationId, operation] as const);

describe('the answers of the operator API', () => {
  let gateway: GatewayProcess;
  let admin: AdminClient;

  beforeAll(async () => {
    const environment = await adminPort();
    gateway = await GatewayProcess.start({
      environment: { ...environment, GATEWAY_LIMITS: 'on', GATEWAY_LIMIT_ACCOUNT_READS: '2/600' },
    });
    const key = await makeKey(gateway, 'support', '--scope', 'read,write');
    admin = new AdminClient(gateway, Number(environment.GATEWAY_ADMIN_PORT), key);
    await admin.call('/accounts', { body: { email: 'ann@example.com' } });
  });
  afterAll(() => gateway.stop());

  it.each(LISTS)('%s answers as its schema says', async (_, { path, answers }) => {
    const answer = await admin.call(path.replace('/admin/v1/regions/{region}', ''));
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    const schema = (
      answers as Record<number, { schema: { parse: (body: unknown) => unknown } }>
    )[200];
    schema?.schema.parse(answer.json());
  });

  it('lifts limits, and releases holds that are not there', async () => {
    const lifted = await admin.call('/limits/lift', { body: { account: 'ann@example.com' } });
    expect(lifted.json()).toEqual({ counters: 0 });
    expect((await admin.call('/limits/lift', { body: {} })).status).toBe(422);
    const released = await admin.call('/holds/release', { body: { ca: 'x', scope: 'all' } });
    expect(released.json()).toEqual({ released: false, names: 0 });
  });

  it('lifts a limit that is used up', async () => {
    const { auth } = await gateway.account('eu', 'busy@example.com');
    const show = async (): Promise<number> =>
      (await gateway.call('eu', { path: '/api/account', auth })).status;
    expect([await show(), await show(), await show()]).toEqual([200, 200, 429]);
    const listed = await admin.call('/limits');
    expect(listed.json<{ limited: unknown[] }>().limited).toContainEqual(
      expect.objectContaining({ limit: 'ACCOUNT_READS', scope: 'process' }),
    );
    await admin.call('/limits/lift', { body: { account: 'busy@example.com' } });
    expect([await show(), await show(), await show()]).toEqual([200, 200, 429]);
    const { limited } = (await admin.call('/limits')).json<{
      limited: Record<string, unknown>[];
    }>();
    const key = limited.find(({ limit }) => limit === 'ACCOUNT_READS')?.['key'];
    expect((await admin.call('/limits/lift', { body: { key } })).status).toBe(200);
    expect(await show()).toBe(200);
    const audit = await admin.call('/audit?limit=5');
    expect(JSON.stringify(audit.json())).toContain(String(key));
    expect((await admin.call('/limits/lift', { body: { key: 'x' } })).status).toBe(422);
  });

  it('releases a hold once, of several who ask at once', async () => {
    await query(gateway, 'eu', {
      text: `insert into ca_holds (ca, scope, until, reason, failures)
             values ('other', 'domain:acme.test', now() + interval '1 hour', 'rate_limit', 3)`,
    });
    const held = await admin.call('/holds');
    expect(held.json<{ holds: unknown[] }>().holds).toContainEqual(
      expect.objectContaining({ ca: 'other', scope: 'domain:acme.test', failures: 3 }),
    );
    const body = { ca: 'other', scope: 'domain:acme.test' };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => admin.call('/holds/release', { body })),
    );
    const released = answers.map((answer) => answer.json<{ released: boolean }>().released);
    expect(released.filter(Boolean)).toHaveLength(1);
    expect((await admin.call('/holds')).json()).toEqual({ holds: [] });
  });

  it('shows and releases a hold by command too', async () => {
    await query(gateway, 'eu', {
      text: `insert into ca_holds (ca, scope, until, reason, failures)
             values ('other', 'name:a.acme.test', now() + interval '1 hour', 'rate_limit', 3)`,
    });
    const run = async (...words: string[]) => {
      const { stdout } = await gateway.command('certificate', ...words, '--region', 'eu', '--json');
      return JSON.parse(stdout) as unknown;
    };
    expect(await run('holds')).toEqual((await admin.call('/holds')).json());
    const release = ['release-hold', '--ca', 'other', '--scope', 'name:a.acme.test'];
    expect(await run(...release)).toEqual({ released: true, names: 0 });
    expect(await run(...release)).toEqual({ released: false, names: 0 });
    expect(await run('holds')).toEqual({ holds: [] });
  });

  it('serves its document, with every operation and as it is committed', async () => {
    const answer = await sendAdmin(admin.target, '/admin/v1/openapi.json', {});
    expect(answer.status).toBe(200);
    // Else: npm run build && npm run openapi
    expect(answer.json()).toEqual(JSON.parse(readFileSync('docs/openapi-admin.json', 'utf8')));
    const { paths } = answer.json<{ paths: Record<string, Record<string, unknown>> }>();
    for (const { method, path } of ADMIN_OPERATIONS) expect(paths[path]?.[method]).toBeDefined();
  });
});
