import { Client } from 'pg';
import { freePorts } from '../../demo/free-ports.js';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { temporaryServer } from '../support/temporary-server.js';
import { until } from '../support/until.js';

const KEY = 'n8B3a0Sx7l0dK3oJm2c9pYV5rT1uQ6wZe4hGfXiLjNk=';
const SERVING = 'gateway_serve';
const PASSWORD = 'pw';

const spawn = (url: string, role = 'all'): Promise<GatewayProcess> =>
  GatewayProcess.spawn({
    environment: {
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: url,
      GATEWAY_ROOT_KEY_EU: KEY,
      GATEWAY_ROLE: role,
    },
  });

const stateIn = async (gateway: GatewayProcess): Promise<string | undefined> => {
  const answer = await gateway.ops('/readyz');
  const { cells } = (await answer.json()) as { cells: readonly { readonly state: string }[] };
  return answer.ok ? 'ready' : cells[0]?.state;
};

const waits = (gateway: GatewayProcess, sentence: RegExp): Promise<string> =>
  until(`a line of ${sentence.source}`, () =>
    gateway.lines.find(
      (line) => line.includes('region start waits, will retry') && sentence.test(line),
    ),
  );

it('a start without a database that answers is not ready, says so, and has no frames for it', async () => {
  const [database = 0] = await freePorts(1);
  const gateway = await spawn(`postgres://eu:pw@127.0.0.1:${database}/eu`);
  try {
    await until('the warning', () => gateway.logs.includes('no CA is configured'));
    await until('the wait is over', () => gateway.logs.includes('no region serves yet'));
    expect((await gateway.ops('/livez')).status).toBe(200);
    expect(await stateIn(gateway)).toBe('database unreachable');
    expect(JSON.parse(await waits(gateway, /ECONNREFUSED/))).toMatchObject({
      level: 'warn',
      region: 'eu',
      state: 'database unreachable',
      reason: { code: 'ECONNREFUSED' },
    });
    expect(gateway.logs).not.toMatch(/"msg":"ready"|"frames"/);
  } finally {
    await gateway.stop();
  }
});

describe('a serving process that is started before everything else', () => {
  const files = temporaryServer();
  let server: EmbeddedPostgres;
  let [serving, working]: GatewayProcess[] = [];
  beforeAll(async () => {
    server = await files.start();
    const admin = new Client({ connectionString: server.adminUrl });
    await admin.connect();
    await admin.query(`create role ${SERVING} login password '${PASSWORD}'`);
    const database = new URL(server.urlOf('eu')).pathname.slice(1);
    await admin.query(`grant connect on database ${database} to ${SERVING}`);
    await admin.end();
  });
  afterAll(async () => {
    await Promise.all([serving?.stop(), working?.stop()]);
    await server.stop();
    files.remove();
  });

  it('waits for the migrations, its privileges and the root key, and serves then', async () => {
    const url = new URL(server.urlOf('eu'));
    url.username = SERVING;
    url.password = PASSWORD;
    serving = await spawn(url.href, 'serve');
    await waits(serving, /the database is not migrated/);
    expect(await stateIn(serving)).toBe('database not prepared');

    const owner = { GATEWAY_DATABASE_URL_EU: server.urlOf('eu'), GATEWAY_ROLE: 'work' };
    const { code } = await serving.commandWith(owner, 'migrate', '--grant-serve', SERVING);
    expect(code).toBe(0);
    await waits(serving, /GATEWAY_ROOT_KEY_EU: version 1 is new/);

    working = await spawn(server.urlOf('eu'), 'work');
    await Promise.all([working.ready(), serving.ready()]);
    const share = { path: '/api/v1/share', body: { secret: 'a message' } };
    expect((await serving.call('eu', share)).status).toBe(200);
  });
});
