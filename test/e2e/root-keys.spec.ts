import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { temporaryServer } from '../support/temporary-server.js';
import { until } from '../support/until.js';

const files = temporaryServer({ regions: ['us', 'eu'] });
const newKey = (): string => randomBytes(32).toString('base64');
const keys = { us: newKey(), eu: newKey() };
let server: EmbeddedPostgres;
let gateway: GatewayProcess;

const spawn = (us: string, eu: string): Promise<GatewayProcess> =>
  GatewayProcess.spawn({
    dataDir: files.dataDir,
    environment: {
      GATEWAY_DATABASE_URL_US: server.urlOf('us'),
      GATEWAY_DATABASE_URL_EU: server.urlOf('eu'),
      GATEWAY_ROOT_KEY_US: us,
      GATEWAY_ROOT_KEY_EU: eu,
    },
  });
const share = { path: '/api/v1/share', body: { secret: 'a message' } };

beforeAll(async () => {
  server = await files.start();
  gateway = await spawn(keys.us, keys.eu);
  await gateway.ready();
  expect((await gateway.call('eu', share)).status).toBe(200);
  await gateway.end();
});
afterEach(() => gateway.end());
afterAll(async () => {
  await server.stop();
  files.remove();
});

describe('root keys that are not those of the database', () => {
  it('keep one region from starting, and the other serves', async () => {
    gateway = await spawn(keys.us, newKey());
    await gateway.ready('one region');
    await until('eu is refused', async () => {
      const { cells } = (await (await gateway.ops('/readyz')).json()) as { cells: unknown[] };
      return JSON.stringify(cells).includes('{"region":"eu","state":"configuration refused"}');
    });
    expect((await gateway.call('us', share)).status).toBe(200);
    expect((await gateway.call('eu', share)).status).toBe(503);
    const page = await gateway.call('eu', {
      path: '/secret/x',
      headers: { accept: 'text/html,*/*;q=0.8', 'accept-language': 'fr-CH, de;q=0.5' },
    });
    expect([page.status, page.headers['retry-after'], page.headers['content-language']]).toEqual([
      503,
      '2',
      'fr',
    ]);
    expect(page.text).toContain('<html lang="fr" dir="ltr">');
    const api = { accept: 'text/html,*/*;q=0.8' };
    const other = await gateway.call('eu', { path: '/api/v1/status', headers: api });
    expect(other.headers['content-type']).toContain('application/json');
    const line = await until('the refusal is logged', () =>
      gateway.lines.find((text) => text.includes('region refused')),
    );
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      region: 'eu',
      err: { message: expect.stringMatching(/^GATEWAY_ROOT_KEY_EU: version 1 is another key/) },
    });
  });

  it('of every region end the process with code 2 and one sentence for each', async () => {
    const wrong = [newKey(), newKey()] as const;
    gateway = await spawn(wrong[0], `2:${wrong[1]}`);
    // With all that it has written.
    expect(await once(gateway.child, 'close')).toEqual([2, null]);
    const sentences = gateway.logs.split('\n').filter((line) => line.startsWith('GATEWAY_'));
    expect(sentences.toSorted()).toEqual([
      expect.stringMatching(/^GATEWAY_ROOT_KEY_EU: version 1 is not configured, .* eu need it/),
      expect.stringMatching(/^GATEWAY_ROOT_KEY_US: version 1 is another key .* us was written/),
    ]);
    for (const key of [...wrong, keys.us, keys.eu]) expect(gateway.logs).not.toContain(key);
  });

  it('and the right ones are accepted again', async () => {
    gateway = await spawn(keys.us, `2:${newKey()},1:${keys.eu}`);
    await gateway.ready();
    expect((await gateway.call('eu', share)).status).toBe(200);
  });
});
