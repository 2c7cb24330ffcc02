import { setTimeout as delay } from 'node:timers/promises';
import { GatewayProcess } from '../demo/gateway-process.js';
import { spreadOf, type Work } from './comparison.js';
import { DomainsDatabase } from './domains-database.js';
import type { NamesLoad } from './load/names.js';
import { cpuSecondsOf, rssMegabytesOf, type Placement } from './machine.js';
import { whole, type Result } from './report.js';
import { Worker } from './worker.js';

const DOMAINS = 10_000;
const CONNECTIONS = 8;
const STARTS = 3;
const START_SECONDS_MORE_MAX = 2;
const MEGABYTES_MAX = 400;
const QUERIES_MAX = 1;
const NAMES_COUNTED = 100;
const WARM_NAMES = 1000;
const REST_SECONDS = 5;
const PATH = '/api/v1/status';

interface DomainsContext {
  readonly placement: Placement;
}

/** Measures start time, queries and memory of a gateway with many custom domains. */
export async function measureDomains(context: DomainsContext): Promise<Result[]> {
  console.log(`  creating ${whole(DOMAINS)} domains, keys and certificates`);
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

/** Visits every name while it is not in memory: some names with their queries counted, then all others. Then a request on each. */
async function measureVisits(
  database: DomainsDatabase,
  { placement }: DomainsContext,
): Promise<Result[]> {
  const variables = database.variables('full');
  const gateway = await GatewayProcess.spawn({
    launcher: placement.server,
    variables: { ...variables, GATEWAY_LIMITS: 'off' },
  });
  const generator = Worker.start<NamesLoad, Work>('./load/names.js', placement.load);
  const visit = (names: readonly string[], path: string | null, root: string | null = null) =>
    generator.ask({ port: gateway.ports.https, names, connections: CONNECTIONS, path, root });
  const measured = async (names: readonly string[]): Promise<Handshakes> => {
    const cpuBefore = cpuSecondsOf(gateway.pid);
    const { operations, seconds } = await visit(names, null);
    const cpu = cpuSecondsOf(gateway.pid) - cpuBefore;
    return { perSecond: operations / seconds, cpuMicros: (cpu * 1_000_000) / operations };
  };
  try {
    await gateway.ready();
    const atFirst = rssMegabytesOf(gateway.pid);
    const counted = database.names.slice(0, NAMES_COUNTED);
    const queries = await database.countQueries(counted, () => visit(counted, null, database.root));
    const cold = await measured(database.names.slice(NAMES_COUNTED));
    await visit(database.names, PATH, database.root);
    const justAfter = rssMegabytesOf(gateway.pid);
    await delay(REST_SECONDS * 1000);
    const atRest = rssMegabytesOf(gateway.pid);
    // The names visited last are in memory.
    const warm = await measured(database.names.slice(-WARM_NAMES));
    return [queriesResult(queries, { cold, warm }), memoryResult({ atFirst, justAfter, atRest })];
  } finally {
    await generator.stop();
    await gateway.remove();
  }
}

interface Handshakes {
  readonly perSecond: number;
  /** CPU time of the gateway process for one handshake. */
  readonly cpuMicros: number;
}

function queriesResult(
  queries: readonly number[],
  { cold, warm }: { readonly cold: Handshakes; readonly warm: Handshakes },
): Result {
  const most = Math.max(...queries);
  return {
    question: 'queries for the first handshake on a name that is not in memory',
    reached: String(most),
    target: `at most ${QUERIES_MAX}`,
    isMet: most <= QUERIES_MAX && Math.min(...queries) > 0,
    details: [
      `the most of ${queries.length} names, the fewest ${Math.min(...queries)}, by PostgreSQL's log of statements`,
      `cold: ${handshakesLine(cold)}; ${whole(DOMAINS - NAMES_COUNTED)} names, each once`,
      `warm: ${handshakesLine(warm)}; ${whole(WARM_NAMES)} names in memory, each once`,
    ],
  };
}

function handshakesLine({ perSecond, cpuMicros }: Handshakes): string {
  return `${whole(perSecond)} handshakes/s, ${whole(cpuMicros)} us CPU each`;
}

interface Megabytes {
  readonly atFirst: number;
  readonly justAfter: number;
  readonly atRest: number;
}

function memoryResult({ atFirst, justAfter, atRest }: Megabytes): Result {
  const most = Math.max(justAfter, atRest);
  return {
    question: `RSS after a handshake and a request on each of ${whole(DOMAINS)} domains`,
    reached: `${whole(most)} MB`,
    target: `under ${MEGABYTES_MAX} MB`,
    isMet: most < MEGABYTES_MAX,
    details: [
      `one cell: ${whole(atFirst)} MB before, ${whole(justAfter)} MB just after, ${whole(atRest)} MB ${REST_SECONDS} s later`,
    ],
  };
}
