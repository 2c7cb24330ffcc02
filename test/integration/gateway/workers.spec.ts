import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { WorkerAnswers } from '../../../src/gateway/workers/worker-answers.js';
import type { WorkerProcess } from '../../../src/gateway/workers/worker-process.js';
import { Workers } from '../../../src/gateway/workers/workers.js';
import type { Region } from '../../../src/config/region.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { createLogger } from '../../../src/shared/logger.js';
import { until } from '../../support/until.js';

interface Line {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
  readonly signal?: string;
  readonly err?: object;
}

type Behaviour =
  | 'refuses'
  | 'hangs'
  | 'stands still as heir'
  | 'starts a region late'
  | 'waits for others'
  | 'waits to be alone'
  | 'as usual';

/** Short, for a test; the others wait in vain for so long at least when the machine has no time for them. */
const HEARTBEAT = { every: 100, silentWithin: 4000, allSilentWithin: 60_000 };
const FILE = fileURLToPath(new URL('odd-worker.js', import.meta.url));

describe(Workers.name, () => {
  let lines: Line[];
  let workers: Workers;
  let metrics: Registry;
  let program: { file: string; node?: string };
  /** A change is for the workers that start later. */
  const databaseUrls: { behaviour: Behaviour } = { behaviour: 'as usual' };
  beforeEach(() => {
    lines = [];
    program = { file: FILE };
    const write = (line: string): number => lines.push(JSON.parse(line) as Line);
    const logger = createLogger({ destination: { write } });
    metrics = new Registry();
    const times = { endsWithin: 200, heartbeat: HEARTBEAT };
    workers = new Workers(2, { logger, metrics, program, ...times });
  });
  afterEach(async () => {
    const ended = workers.stop();
    workers.kill();
    await ended;
  });

  const logged = (msg: string): Promise<Line> =>
    until(`the line "${msg}"`, () => lines.find((line) => line.msg === msg));
  const bothServe = (): Promise<unknown> =>
    until('both serve', () => workers.all.filter(({ isServing }) => isServing).length === 2);
  const start = async (behaviour: Behaviour): Promise<readonly WorkerProcess[]> => {
    databaseUrls.behaviour = behaviour;
    workers.start({ databaseUrls, developmentDns: null });
    await bothServe();
    return workers.all;
  };

  it('go on when one that is restarted refuses its configuration, and say why', async () => {
    const [first] = await start('as usual');
    databaseUrls.behaviour = 'refuses';
    first?.kill();
    const refusal = await until('the refusal', () => lines.find(({ err }) => err !== undefined));
    expect(refusal).toMatchObject({
      msg: 'worker ended, will be restarted',
      worker: 1,
      err: { message: 'GATEWAY_X: is wrong' },
    });
    expect(await Promise.race([workers.refused, Promise.resolve('go on')])).toBe('go on');
  });

  it('tell those that still start, and those that start later, when one serves', async () => {
    const [, second] = await start('waits for others');
    second?.kill();
    await logged('worker ended, will be restarted');
    await bothServe();
    expect(workers.all).not.toContain(second);
  });

  it('tell those that still start when the last one that served has ended', async () => {
    databaseUrls.behaviour = 'waits to be alone';
    workers.start({ databaseUrls, developmentDns: null });
    const [first, second] = workers.all;
    await until('the first serves', () => first?.isServing);
    first?.kill();
    await until('the second serves', () => second?.isServing);
  });

  it('end a rolling restart when an old one hangs', async () => {
    const old = await start('hangs');
    workers.restart();
    await logged('rolling restart done');
    expect(workers.all).toHaveLength(2);
    expect(workers.all.filter((worker) => old.includes(worker))).toEqual([]);
  });

  const answersOfAll = (): WorkerAnswers =>
    new WorkerAnswers({
      configured: 2,
      served: ['eu' as Region],
      workers: () => workers.all,
      own: new Registry(),
      ended: workers.endedCounts,
    });

  it('say that a region starts as long as one that takes requests cannot serve it', async () => {
    await start('starts a region late');
    const cells = [{ region: 'eu', state: 'starting' }];
    expect(await answersOfAll().readiness()).toMatchObject({ isReady: true, cells });
  });

  it('answer soon while one hangs', async () => {
    await start('hangs');
    const answers = answersOfAll();
    const before = performance.now();
    expect(await answers.readiness()).toMatchObject({ isReady: true });
    expect(await answers.permission(requireHostname('eu.example.com'))).toBe('served');
    expect(performance.now() - before).toBeLessThan(4000);
  });

  it('kill one that stands still, and start another in its place', async () => {
    const [first, second] = await start('as usual');
    process.kill(first?.pid ?? 0, 'SIGSTOP');
    const killed = await logged('worker gives no sign of life, killed');
    expect(killed).toMatchObject({ worker: 1, pid: first?.pid });
    expect(await logged('worker ended, will be restarted')).toMatchObject({ signal: 'SIGKILL' });
    await bothServe();
    expect(workers.all).toContain(second);
    expect(await metrics.getSingleMetricAsString('gateway_worker_hangs_total')).toMatch(/ 1$/m);
  });

  it('count one that ends while a rolling restart replaces it', async () => {
    const [first] = await start('as usual');
    workers.restart();
    first?.kill();
    const ended = await logged('worker ended while it was replaced');
    expect(ended).toMatchObject({ worker: 1, signal: 'SIGKILL' });
    expect(await metrics.getSingleMetricAsString('gateway_worker_restarts_total')).toMatch(/ 1$/m);
    await logged('rolling restart done');
    expect(workers.all).toHaveLength(2);
  });

  it('keep no socket of a handover whose heir dies', async () => {
    await start('stands still as heir');
    // Node counts a server that it received among the sockets.
    const listening = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = listening();
    workers.restart();
    await until('sockets are on their way', () => listening() >= before + 2);
    workers.all.find(({ isServing }) => !isServing)?.kill();
    await until('they are closed', () => listening() === before);
    await logged('rolling restart given up');
    await bothServe();
  });

  it.each([
    ['that is missing', '/nowhere/node', 'worker ended, will be restarted'],
    ['that cannot be named', 'no\0de', 'worker could not be started, will be tried again'],
  ])('are tried again by a program %s', async (_what, node, msg) => {
    const [first] = await start('as usual');
    program.node = node;
    first?.kill();
    const line = await until('the failure', () =>
      lines.find((each) => each.msg === msg && each.err !== undefined),
    );
    expect(line.worker).toBe(1);
    delete program.node;
    await bothServe();
  });

  it('start none when they are told to restart after their stop', async () => {
    await start('as usual');
    await workers.stop();
    workers.restart();
    expect(workers.all).toEqual([]);
  });
});
