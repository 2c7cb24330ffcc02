import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { GatewayProcess } from '../demo/gateway-process.js';
import type { BenchmarkContext } from './benchmark-context.js';
import { measureCertificates } from './certificates.js';
import { measureDomains } from './domains.js';
import { measureEnvelope } from './envelope.js';
import { measureFloods } from './floods.js';
import { measureHandshakes } from './handshakes/handshakes.js';
import { measureLists } from './lists.js';
import { measureLive } from './live.js';
import { findPlacement, moveThisProcess, moveChildren } from './machine.js';
import { measureMemory } from './memory.js';
import { printResult, printTable, type Result } from './report.js';
import { measureQuestions } from './questions.js';
import { measureRoutes } from './routes.js';
import { measureRows } from './rows.js';
import { measureSecrets } from './secrets.js';
import { measureStart } from './start.js';
import { measureStatus } from './status.js';

/** Above this load average, other work on the machine makes the figures unreliable. */
const BUSY_LOAD = 0.5;

type Measure = (context: BenchmarkContext) => Promise<Result | Result[]>;

const BENCHMARKS: Readonly<Record<string, Measure>> = {
  status: measureStatus,
  envelope: measureEnvelope,
  secrets: measureSecrets,
  memory: measureMemory,
};

/** Benchmarks that start their own gateways. */
const STANDALONE: Readonly<
  Record<string, (context: Omit<BenchmarkContext, 'gateway'>) => Promise<Result[]>>
> = {
  domains: measureDomains,
  handshakes: measureHandshakes,
  routes: measureRoutes,
  certificates: measureCertificates,
  floods: measureFloods,
  lists: measureLists,
  start: measureStart,
  live: measureLive,
  questions: measureQuestions,
  rows: () => measureRows(values.rows.split(',').map(Number)),
};

// `npm run bench -- status handshakes --rounds 9`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '11' },
    seconds: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '100000' },
    names: { type: 'string', default: '10000' },
    rows: { type: 'string', default: '10000,1000000' },
  },
});
const names =
  positionals.length === 0 ? Object.keys({ ...BENCHMARKS, ...STANDALONE }) : positionals;
const placement = findPlacement();
moveThisProcess(placement);

/** Each benchmark gets a new gateway, so that none depends on the data of another. */
async function measure(name: string): Promise<Result[]> {
  const { rounds, seconds, pairs } = values;
  const numbers = {
    rounds: Number(rounds),
    seconds: Number(seconds),
    pairs: Number(pairs),
    names: Number(values.names),
  };
  const standalone = STANDALONE[name];
  if (standalone !== undefined) return standalone({ placement, ...numbers });
  const benchmark = BENCHMARKS[name];
  if (benchmark === undefined) throw new Error(`unknown benchmark: ${name}`);
  const gateway = await GatewayProcess.spawn({
    launcher: placement.server,
    variables: { GATEWAY_LIMITS: 'off' },
  });
  try {
    await gateway.ready();
    moveChildren(gateway.pid, placement);
    return [await benchmark({ gateway, placement, ...numbers })].flat();
  } finally {
    await gateway.remove();
  }
}

console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`);
console.log(
  placement.server.length === 0
    ? 'server and load share all cores: taskset or a second core is missing'
    : 'server on one core, load and database on another',
);
const [load = 0] = loadavg();
if (load > BUSY_LOAD) {
  console.log(
    `the machine is busy (load average ${load.toFixed(1)}): the figures are not reliable`,
  );
}
const results: Result[] = [];
for (const name of names) {
  console.log(`\n${name}`);
  for (const one of await measure(name)) {
    printResult(one);
    results.push(one);
  }
}
printTable(results);
const missed = results.filter(({ isMet }) => isMet === false).length;
console.log(missed === 0 ? '\nEvery target is met.' : `\n${missed} target(s) missed.`);
