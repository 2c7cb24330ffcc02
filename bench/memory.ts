import { setTimeout as delay } from 'node:timers/promises';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import { spreadOf, type Work } from './comparison.js';
import type { PairsLoad } from './load/pairs.js';
import { rssMegabytesOf } from './machine.js';
import { whole, type Result } from './report.js';
import { Worker } from './worker.js';

const IDLE_MEGABYTES_MAX = 250;
const GROWTH_MAX = 0.2;
const FIRST_PAIRS_SHARE = 0.1;
const CONNECTIONS = 10;
const REST_SECONDS = 10;
const SAMPLES = 10;

/** Measures the memory of an idle gateway and its growth after many secrets. Needs a new gateway. */
export async function measureMemory({
  gateway,
  placement,
  pairs,
}: BenchmarkContext): Promise<Result[]> {
  const generator = Worker.start<PairsLoad, Work>('./load/pairs.js', placement.load);
  const { https: port } = gateway.ports;
  const run = (count: number): Promise<Work> =>
    generator.ask({
      port,
      host: HOST,
      connections: CONNECTIONS,
      pairs: count,
      seconds: Infinity,
    });
  try {
    const idle = await restingMegabytes(gateway.pid);
    const first = Math.round(pairs * FIRST_PAIRS_SHARE);
    await run(first);
    const early = await restingMegabytes(gateway.pid);
    await run(pairs - first);
    const busy = rssMegabytesOf(gateway.pid);
    const late = await restingMegabytes(gateway.pid);
    return [
      {
        question: 'idle process with two cells, database not counted',
        reached: `${whole(idle)} MB`,
        target: `under ${IDLE_MEGABYTES_MAX} MB`,
        isMet: idle < IDLE_MEGABYTES_MAX,
        details: [`idle: ${whole(idle)} MB RSS`],
      },
      {
        question: `after ${whole(pairs)} pairs, over after the first ${whole(first)}`,
        reached: (late / early).toFixed(2),
        target: `at most ${(1 + GROWTH_MAX).toFixed(2)}`,
        isMet: late / early <= 1 + GROWTH_MAX,
        details: [
          `after ${whole(first)} pairs: ${whole(early)} MB RSS`,
          `after ${whole(pairs)} pairs: ${whole(late)} MB RSS at rest, ${whole(busy)} MB just before`,
        ],
      },
    ];
  } finally {
    await generator.stop();
  }
}

/** The median of some samples, after the process has been idle for REST_SECONDS. */
async function restingMegabytes(pid: number): Promise<number> {
  await delay(REST_SECONDS * 1000);
  const samples: number[] = [];
  for (let count = 0; count < SAMPLES; count++) {
    samples.push(rssMegabytesOf(pid));
    await delay(200);
  }
  return spreadOf(samples).median;
}
