import { ADMIN_OPERATIONS } from '../../src/admin/admin-operations.js';
import { adminPort, AdminClient, makeKey, sendAdmin } from '../support/admin-client.js';
import { GatewayProcess } from '../support/gateway-process.js';

const LISTS = ADMIN_OPERATIONS.filter(
  ({ method, path }) => method === 'get' && !/\{(?!region)/.test(path),
).map((operation) => [operation.operationId, operation] as const);

describe('the answers of the operator API', () => {
  let gateway: GatewayProcess;
  let admin: AdminClient;

  beforeAll(async () => {
    const environment = await adminPort();
    gateway = await GatewayProcess.start({ environment: { ...environment, GATEWAY_LIMITS: 'on' } });
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

  it('serves its document, with every operation', async () => {
    const answer = await sendAdmin(admin.target, '/admin/v1/openapi.json', {});
    expect(answer.status).toBe(200);
    const { paths } = answer.json<{ paths: Record<string, Record<string, unknown>> }>();
    for (const { method, path } of ADMIN_OPERATIONS) expect(paths[path]?.[method]).toBeDefined();
  });
});
