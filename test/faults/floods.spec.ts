import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ALL_FLOODS, type Flooded, type FloodLoad } from '../../bench/load/all-floods.js';
import { Worker } from '../../bench/worker.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';
import { faultRun, say } from './fault-run.js';

const { isLong } = faultRun();
const HOST = 'eu.onetime.localhost';
const NETWORKS = 2000;
const FLOOD = isLong ? { seconds: 60, share: 0.5 } : { seconds: 8, share: 0.06 };
/** Few, so that the flood takes all: of them 256 are kept back, and a quarter of the rest is for the plain port. */
const DESCRIPTORS = isLong ? 640 : 360;
/** With all that waits in the kernel's line while the process has a part of a core. */
const SERVED_WITHIN_MS = 60_000;
const MEDIAN_MS = 5000;
const GROWTH_MAX = 256 * 1024 * 1024;
const VISITS_BEFORE = 10;

let gateway: GatewayProcess;
let auth: string;
beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: { GATEWAY_LIMITS: 'on', GATEWAY_SERVE_REGIONS: 'eu' },
    command: ['prlimit', `--nofile=${DESCRIPTORS}`, '--', process.execPath, 'dist/src/main.js'],
  });
  ({ auth } = await gateway.account('eu', 'customer@example.com', 'identity_plus'));
});
afterAll(() => gateway?.stop());

/** A customer, on a connection of its own from another network. Resolves to the milliseconds that it took. */
async function visit(): Promise<number> {
  const startedAt = performance.now();
  const body = { secret: 'a message' };
  const request = { path: '/api/v1/share', body, auth, localAddress: '127.200.0.9' };
  expect((await gateway.call('eu', request)).status).toBe(200);
  return performance.now() - startedAt;
}

async function endedToMakeRoom(): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  const pattern = /^gateway_ended_connections_total\{listener="https",reason="unused"\} (\d+)$/m;
  return Number(pattern.exec(text)?.[1] ?? 0);
}

const median = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[times.length >> 1] ?? Infinity;

it(`floods of ${ALL_FLOODS.length} kinds at once from ${NETWORKS} networks take bounded memory, and a customer is served`, async () => {
  const before: number[] = [];
  while (before.length < VISITS_BEFORE) before.push(await visit());
  const [bytes, files] = [gateway.residentBytes(), gateway.descriptors()];
  const file = pathToFileURL(resolve('dist/bench/load/floods.js')).href;
  const flooder = Worker.start<FloodLoad, Flooded[]>(file, ['setpriv', '--pdeathsig', 'KILL']);
  try {
    const { port } = gateway.target(HOST);
    let isOver = false;
    const flooding = flooder
      .ask({ names: ALL_FLOODS, port, host: HOST, networks: NETWORKS, ...FLOOD })
      .finally(() => (isOver = true));
    const during: number[] = [];
    let [most, open] = [0, 0];
    while (!isOver) {
      during.push(await visit());
      most = Math.max(most, gateway.residentBytes());
      open = Math.max(open, gateway.descriptors());
    }
    const opened = (await flooding).map((each, index) => `${each.opened} ${ALL_FLOODS[index]}`);
    say(`flooded by ${opened.join(', ')}`);
    say(
      `${during.length} visits in ${median(during).toFixed(0)} ms, at most ${Math.max(...during).toFixed(0)} ms, before in ${median(before).toFixed(0)} ms; ${Math.round((most - bytes) / 2 ** 20)} MiB more, ${open} descriptors`,
    );
    expect(Math.max(...during)).toBeLessThan(SERVED_WITHIN_MS);
    expect(median(during)).toBeLessThan(MEDIAN_MS);
    expect(most - bytes).toBeLessThan(GROWTH_MAX);
    expect(open).toBeLessThan(DESCRIPTORS);
    // Else the flood was too small to show anything.
    expect(await endedToMakeRoom()).toBeGreaterThan(0);
  } finally {
    await flooder.stop();
  }
  await until('the connections are gone', () => gateway.descriptors() < files + 10);
  const after: number[] = [];
  while (after.length < VISITS_BEFORE) after.push(await visit());
  expect(gateway.residentBytes() - bytes).toBeLessThan(GROWTH_MAX);
  expect(gateway.logs).not.toMatch(/"level":"(?:error|fatal)"/);
});
