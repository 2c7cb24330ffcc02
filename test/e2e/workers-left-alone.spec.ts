import { randomBytes } from 'node:crypto';
import { CuttableDatabase } from '../support/cuttable-database.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { temporaryServer } from '../support/temporary-server.js';
import { until } from '../support/until.js';

interface Line {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
}

const server = temporaryServer();
let database: CuttableDatabase;
let gateway: GatewayProcess;

beforeAll(async () => {
  const postgres = await server.start();
  database = await CuttableDatabase.before(postgres.urlOf('eu'));
  gateway = await GatewayProcess.start({
    environment: {
      GATEWAY_WORKERS: '2',
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: database.url,
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
    },
  });
});
afterAll(async () => {
  await gateway?.stop();
  await database?.cut();
  server.remove();
});

const linesOf = (worker: number, msg: string): Line[] =>
  gateway.lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.worker === worker && line.msg === msg);

async function killWorker(worker: number): Promise<void> {
  const { pid = 0 } = linesOf(worker, 'worker serves').at(-1) ?? {};
  process.kill(pid, 'SIGKILL');
  await until('the supervisor knows', () =>
    linesOf(worker, 'worker ended, will be restarted').some((line) => line.pid === pid),
  );
}

it('a worker that waits for its region listens once the last one that served is gone', async () => {
  await until('both serve', () =>
    [1, 2].every((each) => linesOf(each, 'worker serves').length > 0),
  );
  await database.cut();
  await killWorker(1);
  await until('worker 1 waits', () => linesOf(1, 'no region serves yet').length > 0);
  expect(linesOf(1, 'listening')).toHaveLength(1);
  await killWorker(2);
  await until('worker 1 listens', () => linesOf(1, 'listening').length === 2);
  const answer = await gateway.call('eu', { path: '/api/v1/status' });
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toMatch(/^\d+$/);

  await database.restore();
  await until('both serve again', () =>
    [1, 2].every((each) => linesOf(each, 'worker serves').length === 2),
  );
});
