import { join } from 'node:path';
import { sessionByOpenssl } from '../support/openssl-client.js';
import { startGatewayPair, type GatewayPair } from '../support/gateway-pair.js';

let pair: GatewayPair;
beforeAll(async () => {
  pair = await startGatewayPair();
});
afterAll(() => pair.stop());

describe('two processes that start at once on one empty database', () => {
  it('migrate it once, and both serve', async () => {
    for (const gateway of pair.processes) {
      expect((await gateway.ops('/readyz')).status).toBe(200);
      expect(gateway.logs).not.toMatch(/"level":"(?:error|fatal)"/);
    }
    const migrated = pair.processes.filter(({ logs }) => logs.includes('migrations applied'));
    expect(migrated).toHaveLength(1);
  });

  it('reveal a secret that the other process made, once', async () => {
    const body = { secret: 'made here, read there' };
    const made = await pair.call(0, { path: '/api/v1/share', body });
    const path = `/api/v1/secret/${made.json<{ secret_key: string }>().secret_key}`;
    const revealed = await pair.call(1, { method: 'POST', path });
    expect(revealed.json()['value']).toBe('made here, read there');
    for (const caller of [0, 1]) {
      expect((await pair.call(caller, { method: 'POST', path })).status).toBe(404);
    }
  });

  it.each(['-tls1_2', '-tls1_3'])('resume the sessions of each other (%s)', async (version) => {
    const [first, second] = pair.processes;
    const file = join(first.dataDir, `session${version}`);
    const visit = ({ ports }: typeof first, way: string) =>
      sessionByOpenssl(ports.https, 'eu.onetime.localhost', [version, way, file]);
    expect(await visit(first, '-sess_out')).toBe('New');
    expect(await visit(first, '-sess_in')).toBe('Reused');
    expect(await visit(second, '-sess_in')).toBe('Reused');
  });

  it('stop one by one, and the other one goes on', async () => {
    expect(await pair.processes[0].end()).toBe(0);
    const body = { secret: 'a message' };
    expect((await pair.call(1, { path: '/api/v1/share', body })).status).toBe(200);
  });
});
