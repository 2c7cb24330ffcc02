import { setTimeout as delay } from 'node:timers/promises';
import { GatewayProcess } from '../demo/gateway-process.js';
import { spreadOf } from './comparison.js';
import { DomainsDatabase } from './domains-database.js';
import type { NamesLoad, NamesWork } from './load/names.js';
import { cpuSecondsOf, rssMegabytesOf, type Placement } from './machine.js';
import { whole, type Result } from './report.js';
import { Worker } from './worker.js';

const DOMAINS = 100_000;
const CONNECTIONS = 8;
const STARTS = 3;
const START_SECONDS_MORE_MAX = 1;
const MEGABYTES_AT_START_MAX = 250;
const MEGABYTES_MAX = 400;
const COLD_P99_MAX = 50;
const QUERIES_MAX = 1;
const NAMES_COUNTED = 100;
const WARM_NAMES = 1000;
/** Spread over all domains: with 1,000 in memory, nearly none of them is. */
const COLD_NAMES = 10_000;
const SAMPLE_EVERY = 250;
const REST_SECONDS = 5;
const PATH = '/api/v1/status';

interface DomainsContext {
  readonly placement: Placement;
}

/** Measures start time, queries and memory of a gateway with many custom domains. */
export async function measureDomains(context: DomainsContext): Promise<Result[]> {
  console.log(`  creating ${whole(DOMAINS)} domains`);
  const database = await DomainsDatabase.start(DOMAINS);
  try {
    return [await measureStart(database, context), ...(await measureVisits(database, context))];
  } finally {
    await database.stop();
  }
}

async function measureStart(database: DomainsDatabase, context: DomainsContext): Promise<Result> {
  const seconds = { full: [] as number[], empty: [] as number[] };
  for (let start = 0; start < STARTS; start++) {
    for (const which of ['empty', 'full'] as const) {
      seconds[which].push(await secondsToReady(database.variables(which), context));
    }
  }
  const [full, empty] = [spreadOf(seconds.full).median, spreadOf(seconds.empty).median];
  return {
    question: `start to ready with ${whole(DOMAINS)} serving domains, over with none`,
    reached: `${(full - empty).toFixed(2)} s more`,
    target: `at most ${START_SECONDS_MORE_MAX} s more`,
    isMet: full - empty <= START_SECONDS_MORE_MAX,
    details: [
      `with none: ${empty.toFixed(2)} s, with ${whole(DOMAINS)}: ${full.toFixed(2)} s; medians of ${STARTS} starts each`,
    ],
  };
}

async function secondsToReady(
  variables: Record<string, string>,
  { placement }: DomainsContext,
): Promise<number> {
  const startedAt = performance.now();
  const gateway = await GatewayProcess.spawn({
    launcher: placement.server,
    variables: { ...variables, GATEWAY_LIMITS: 'off' },
  });
  try {
    await gateway.ready();
    return (performance.now() - startedAt) / 1000;
  } finally {
    await gateway.remove();
  }
}

/** Visits names that are not in memory: some with their queries counted, then many with a request on each. Then names in memory. */
async function measureVisits(
  database: DomainsDatabase,
  { placement }: DomainsContext,
): Promise<Result[]> {
  const variables = database.variables('full');
  const gateway = await GatewayProcess.spawn({
    launcher: placement.server,
    variables: { ...variables, GATEWAY_LIMITS: 'off' },
  });
  const generator = Worker.start<NamesLoad, NamesWork>('./load/names.js', placement.load);
  const visit = (names: readonly string[], path: string | null, root: string | null = null) =>
    generator.ask({ port: gateway.ports.https, names, connections: CONNECTIONS, path, root });
  const measured = async (names: readonly string[], path: string | null): Promise<Handshakes> => {
    const cpuBefore = cpuSecondsOf(gateway.pid);
    const { operations, seconds, p99 } = await visit(names, path);
    const cpu = cpuSecondsOf(gateway.pid) - cpuBefore;
    return { perSecond: operations / seconds, cpuMicros: (cpu * 1_000_000) / operations, p99 };
  };
  try {
    await gateway.ready();
    await delay(REST_SECONDS * 1000);
    const atFirst = rssMegabytesOf(gateway.pid);
    const counted = database.names.slice(0, NAMES_COUNTED);
    const queries = await database.countQueries(counted, () => visit(counted, null, database.root));
    const peak = new PeakMemory(gateway.pid);
    const names = spread(database.names, COLD_NAMES);
    const cold = await measured(names, PATH);
    const most = peak.stop();
    await delay(REST_SECONDS * 1000);
    const atRest = rssMegabytesOf(gateway.pid);
    // The names visited last are in memory.
    const warm = await measured(names.slice(-WARM_NAMES), PATH);
    return [
      queriesResult(queries),
      coldResult(cold, warm),
      ...memoryResults({ atFirst, most, atRest }),
    ];
  } finally {
    await generator.stop();
    await gateway.remove();
  }
}

/** `count` of the names in an order in which neighbours are far apart. */
function spread(names: readonly string[], count: number): string[] {
  // Prime to the number of names, so that none comes twice.
  const step = 61_803;
  return Array.from({ length: count }, (_, index) => names[(index * step) % names.length] ?? '');
}

/** The most memory that a process had in the time. */
class PeakMemory {
  #most = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY);
  }

  stop(): number {
    clearInterval(this.#timer);
    this.#sample();
    return this.#most;
  }

  #sample(): void {
    this.#most = Math.max(this.#most, rssMegabytesOf(this.pid));
  }
}

interface Handshakes {
  readonly perSecond: number;
  /** CPU time of the gateway process for one connection. */
  readonly cpuMicros: number;
  readonly p99: number;
}

function queriesResult(queries: readonly number[]): Result {
  const most = Math.max(...queries);
  return {
    question: 'queries for the first handshake on a name that is not in memory',
    reached: String(most),
    target: `at most ${QUERIES_MAX}`,
    isMet: most <= QUERIES_MAX && Math.min(...queries) > 0,
    details: [
      `the most of ${queries.length} names, the fewest ${Math.min(...queries)}, by PostgreSQL's log of statements`,
    ],
  };
}

function coldResult(cold: Handshakes, warm: Handshakes): Result {
  return {
    question: `connections on ${whole(DOMAINS)} domains that are not in memory: p99 with ${CONNECTIONS} callers`,
    reached: `${cold.p99.toFixed(1)} ms`,
    target: `at most ${COLD_P99_MAX} ms`,
    isMet: cold.p99 <= COLD_P99_MAX,
    details: [
      `cold: ${lineOf(cold)}; ${whole(COLD_NAMES)} names spread over all, each once`,
      `warm: ${lineOf(warm)}; ${whole(WARM_NAMES)} names in memory, each once`,
    ],
  };
}

function lineOf({ perSecond, cpuMicros, p99 }: Handshakes): string {
  return `${whole(perSecond)}/s, ${whole(cpuMicros)} us CPU each, p99 ${p99.toFixed(1)} ms; handshake, GET ${PATH}, close`;
}

interface Megabytes {
  readonly atFirst: number;
  readonly most: number;
  readonly atRest: number;
}

function memoryResults({ atFirst, most, atRest }: Megabytes): Result[] {
  return [
    {
      question: `RSS after the start with ${whole(DOMAINS)} domains`,
      reached: `${whole(atFirst)} MB`,
      target: `at most ${MEGABYTES_AT_START_MAX} MB`,
      isMet: atFirst <= MEGABYTES_AT_START_MAX,
      details: [`${REST_SECONDS} s after ready, one cell`],
    },
    {
      question: `the most RSS under connections spread over ${whole(DOMAINS)} domains`,
      reached: `${whole(most)} MB`,
      target: `at most ${MEGABYTES_MAX} MB`,
      isMet: most <= MEGABYTES_MAX,
      details: [`${whole(atRest)} MB ${REST_SECONDS} s later`],
    },
  ];
}
