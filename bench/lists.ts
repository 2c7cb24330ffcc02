import { GatewayProcess } from '../demo/gateway-process.js';
import { HOST } from './benchmark-context.js';
import { spreadOf, type Spread } from './comparison.js';
import { DomainsDatabase } from './domains-database.js';
import type { Calls, CallersLoad } from './load/callers.js';
import { cpuSecondsOf, cpuSecondsOfAll, type Placement } from './machine.js';
import type { Result } from './report.js';
import { Worker } from './worker.js';

const CALLERS = 8;
const RECEIPTS = 1000;
/** seedDomains() gives each account so many: a full page of the list. */
const DOMAINS = 100;
const CALLS = 20;
const NO_END = 300;
const STATUS = '/api/v1/status';
/** Milliseconds: of both processors for one list, of one turn of the event loop, of a status beside the callers. */
const TARGETS = { cpu: 10, slice: 5, status: 20 };

// An export is as long as the account has rows: only its slices have a target.
const LISTS = [
  { name: `recent, ${RECEIPTS} receipts`, path: '/api/v1/private/recent', hasCpuTarget: true },
  { name: `recent of API v2`, path: '/api/v2/receipt/recent', hasCpuTarget: true },
  { name: `${DOMAINS} domains`, path: `/api/domains?limit=${DOMAINS}`, hasCpuTarget: true },
  { name: 'export', path: '/api/account/export', hasCpuTarget: false },
] as const;

type List = (typeof LISTS)[number];

interface ListsContext {
  readonly placement: Placement;
  readonly rounds: number;
  readonly seconds: number;
}

interface Scene extends ListsContext {
  readonly gateway: GatewayProcess;
  readonly database: DomainsDatabase;
  readonly callers: Worker<CallersLoad, Calls>;
  readonly visitor: Worker<CallersLoad, Calls>;
  /** One for each account. */
  readonly authorizations: readonly string[];
}

/** Measures what a list costs both processors, how long it holds the event loop, and who waits for it. */
export async function measureLists(context: ListsContext): Promise<Result[]> {
  const database = await DomainsDatabase.start(CALLERS * DOMAINS);
  const gateway = await GatewayProcess.spawn({
    launcher: context.placement.server,
    variables: { ...database.variables('full'), GATEWAY_LIMITS: 'off' },
  });
  const callers = startCallers(context.placement);
  const visitor = startCallers(context.placement);
  try {
    await gateway.ready();
    const authorizations = await accountsOf(gateway);
    const scene = { ...context, gateway, database, callers, visitor, authorizations };
    await call(scene, callers, { path: '/api/v1/share', form: 'secret=to+be+listed&ttl=86400' });
    const results: Result[] = [];
    for (const list of LISTS) results.push(...(await measureList(list, scene)));
    return results;
  } finally {
    await callers.stop();
    await visitor.stop();
    await gateway.remove();
    await database.stop();
  }
}

function startCallers({ load }: Placement): Worker<CallersLoad, Calls> {
  return Worker.start<CallersLoad, Calls>('./load/callers.js', load);
}

/** The Authorization header of each seeded account. */
async function accountsOf(gateway: GatewayProcess): Promise<string[]> {
  const authorizations: string[] = [];
  for (let account = 1; account <= CALLERS; account += 1) {
    const email = `customer-${account}@example.com`;
    const words = ['account', 'token', 'create', '--region', 'eu', '--email', email];
    const { stdout, stderr } = await gateway.command([...words, '--name', 'bench']);
    const token = /\b[0-9a-f]{40}\b/.exec(stdout)?.[0];
    if (token === undefined) throw new Error(`no token was made: ${stderr}`);
    authorizations.push(`Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`);
  }
  return authorizations;
}

function call(
  { gateway, authorizations }: Pick<Scene, 'gateway' | 'authorizations'>,
  worker: Worker<CallersLoad, Calls>,
  load: Pick<CallersLoad, 'path'> & Partial<CallersLoad>,
): Promise<Calls> {
  const all = { port: gateway.ports.https, host: HOST, authorizations, form: null };
  return worker.ask({ ...all, seconds: NO_END, calls: RECEIPTS, ...load });
}

async function measureList(list: List, scene: Scene): Promise<Result[]> {
  const { gateway, database, callers, authorizations } = scene;
  const [first = ''] = authorizations;
  const alone = { path: list.path, authorizations: [first], calls: CALLS };
  const [node, postgres, slices]: number[][] = [[], [], []];
  let bytes = 0;
  // V8 compiles what is hot, and PostgreSQL keeps plans from the sixth call on of each connection.
  await call(scene, callers, { path: list.path, calls: CALLS });
  for (let round = 0; round < scene.rounds; round += 1) {
    const before = [cpuSecondsOf(gateway.pid), cpuSecondsOfAll(database.processId)] as const;
    await longestSlice(gateway);
    ({ bytes } = await call(scene, callers, alone));
    slices?.push(await longestSlice(gateway));
    node?.push(((cpuSecondsOf(gateway.pid) - before[0]) * 1000) / CALLS);
    postgres?.push(((cpuSecondsOfAll(database.processId) - before[1]) * 1000) / CALLS);
  }
  const both = (node ?? []).map((each, round) => each + (postgres?.[round] ?? NaN));
  const details = [
    `${list.name}: node ${text(spreadOf(node ?? []))} ms CPU, PostgreSQL ${text(spreadOf(postgres ?? []))} ms, ` +
      `${Math.round(bytes / 1000)} KB`,
  ];
  const cpu = resultOf(`${list.name}: CPU of node and PostgreSQL`, both, TARGETS.cpu);
  return [
    list.hasCpuTarget ? { ...cpu, details } : { ...cpu, target: 'none', isMet: true, details },
    resultOf(`${list.name}: longest turn of the event loop`, slices ?? [], TARGETS.slice),
    resultOf(
      `status beside ${CALLERS} callers of ${list.name}: p99`,
      await measureStatus(list, scene),
      TARGETS.status,
    ),
  ];
}

/** Milliseconds of the longest turn since the last call. */
async function longestSlice({ ports }: GatewayProcess): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${ports.ops}/metrics`);
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await answer.text())?.[1];
  if (seconds === undefined) throw new Error('the metrics have no delay of the event loop');
  return Number(seconds) * 1000;
}

/** The p99 of each round, in milliseconds, while every account asks for its list. */
async function measureStatus({ path }: List, scene: Scene): Promise<number[]> {
  const { callers, visitor, seconds } = scene;
  const visit = { path: STATUS, authorizations: [null], seconds, calls: Infinity };
  const p99s: number[] = [];
  for (let round = 0; round < scene.rounds; round += 1) {
    const [, { durations }] = await Promise.all([
      call(scene, callers, { path, seconds, calls: Infinity }),
      call(scene, visitor, visit),
    ]);
    const sorted = durations.toSorted((one, other) => one - other);
    p99s.push(sorted[Math.floor((sorted.length - 1) * 0.99)] ?? Infinity);
  }
  return p99s;
}

function resultOf(question: string, values: readonly number[], target: number): Result {
  const spread = spreadOf(values);
  return {
    question,
    reached: `${text(spread)} ms`,
    target: `at most ${target} ms`,
    isMet: spread.median <= target,
    details: [],
  };
}

function text({ median, min, max }: Spread): string {
  return `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`;
}
