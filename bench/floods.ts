import { setTimeout as delay } from 'node:timers/promises';
import { GatewayProcess } from '../demo/gateway-process.js';
import { HOST } from './benchmark-context.js';
import { FLOODS, type FloodName } from './load/flood-kinds.js';
import type { Flooded, FloodLoad } from './load/all-floods.js';
import type { Visits, VisitsLoad } from './load/visits.js';
import { cpuSecondsOf, moveChildren, rssMegabytesOf, type Placement } from './machine.js';
import type { Result } from './report.js';
import { Worker } from './worker.js';

const PATH = '/api/v1/status';
const VISITOR = '127.0.9.9';
const BEFORE_SECONDS = 3;
const FLOOD_SECONDS = 7;
const REST_SECONDS = 1;
const SAMPLE_EVERY = 200;
const NOTHING: Flooded = { opened: 0, held: 0 };
/** Half of all visits may take so many times as long as before the flood. */
const SLOWER_MAX = 3;

interface FloodsContext {
  readonly placement: Placement;
}

interface Seen {
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

interface Cost extends Flooded {
  readonly cpuPerThousand: number;
  readonly megabytesMore: number;
  readonly before: Seen;
  readonly during: Seen;
}

/** Measures what each flood of one address costs, and what a visitor sees meanwhile: with limits, and without any. */
export async function measureFloods({ placement }: FloodsContext): Promise<Result[]> {
  const names = Object.keys(FLOODS) as FloodName[];
  const limited = await measureSome(names, 'on', placement);
  const results: Result[] = [];
  for (const [index, name] of names.entries()) {
    // Memory that a flood has left free would hide what the next one takes, so each has a gateway of its own.
    const [without] = await measureSome([name], 'off', placement);
    const cost = limited[index];
    if (cost !== undefined && without !== undefined) results.push(resultOf(name, cost, without));
  }
  return results;
}

/** One flood after the other on one gateway. */
async function measureSome(
  names: readonly FloodName[],
  limits: 'on' | 'off',
  placement: Placement,
): Promise<Cost[]> {
  const gateway = await GatewayProcess.spawn({
    launcher: placement.server,
    variables: { GATEWAY_LIMITS: limits },
  });
  const flooder = Worker.start<FloodLoad, Flooded[]>('./load/floods.js', placement.load);
  const visitor = Worker.start<VisitsLoad, Visits>('./load/visits.js', placement.load);
  const costs: Cost[] = [];
  try {
    await gateway.ready();
    moveChildren(gateway.pid, placement);
    for (const name of names) costs.push(await measureOne(gateway, name, { flooder, visitor }));
    return costs;
  } finally {
    await flooder.stop();
    await visitor.stop();
    await gateway.remove();
  }
}

interface Generators {
  readonly flooder: Worker<FloodLoad, Flooded[]>;
  readonly visitor: Worker<VisitsLoad, Visits>;
}

/** The visitor's own processor time is measured before the flood, and taken off. */
async function measureOne(
  { pid, ports: { https: port } }: GatewayProcess,
  name: FloodName,
  { flooder, visitor }: Generators,
): Promise<Cost> {
  const visit = (seconds: number): Promise<Visits> =>
    visitor.ask({ port, host: HOST, path: PATH, address: VISITOR, seconds });
  await visit(1);
  const atStart = cpuSecondsOf(pid);
  const before = await visit(BEFORE_SECONDS);
  const idle = rssMegabytesOf(pid);
  const atFlood = cpuSecondsOf(pid);
  const memory = watchMemory(pid);
  const load = { names: [name], port, host: HOST, networks: 1, share: 1, seconds: FLOOD_SECONDS };
  const [[flooded = NOTHING], during] = await Promise.all([
    flooder.ask(load),
    visit(FLOOD_SECONDS),
  ]);
  const most = memory.stop();
  const ofVisitor = ((atFlood - atStart) / BEFORE_SECONDS) * FLOOD_SECONDS;
  const cpu = cpuSecondsOf(pid) - atFlood - ofVisitor;
  await delay(REST_SECONDS * 1000);
  return {
    ...flooded,
    cpuPerThousand: (Math.max(0, cpu) / flooded.opened) * 1000,
    megabytesMore: most - idle,
    before: seen(before),
    during: seen(during),
  };
}

/** The most memory until stop(). */
function watchMemory(pid: number): { stop(): number } {
  let most = rssMegabytesOf(pid);
  const sample = (): number => (most = Math.max(most, rssMegabytesOf(pid)));
  const timer = setInterval(sample, SAMPLE_EVERY);
  return {
    stop: () => {
      clearInterval(timer);
      return sample();
    },
  };
}

function seen({ durations, failed }: Visits): Seen {
  const sorted = durations.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Infinity;
  return { p50: at(0.5), p99: at(0.99), failed };
}

function resultOf(name: FloodName, limited: Cost, without: Cost): Result {
  const { before, during } = limited;
  return {
    question: `flood of ${name}: a visitor's p50 over the one before it, with limits`,
    reached: `${(during.p50 / before.p50).toFixed(1)}, ${during.failed} failed`,
    target: `at most ${SLOWER_MAX}, 0 failed`,
    isMet: during.p50 <= SLOWER_MAX * before.p50 && during.failed === 0,
    details: [
      `${name}, with limits: ${costLine(limited)}`,
      `${name}, without limits: ${costLine(without)}`,
    ],
  };
}

function costLine({ opened, held, before, during, ...cost }: Cost): string {
  return (
    `${opened} opened, ${held} at once; ${cost.cpuPerThousand.toFixed(2)} s CPU for a thousand, ` +
    `${cost.megabytesMore.toFixed(0)} MB more at most; ` +
    `a visitor ${seenLine(during)}, before ${seenLine(before)}`
  );
}

function seenLine({ p50, p99, failed }: Seen): string {
  const failures = failed === 0 ? '' : ` and ${failed} failed`;
  return `${p50.toFixed(0)} / ${p99.toFixed(0)} ms${failures}`;
}
