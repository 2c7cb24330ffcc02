import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATUS_BODY } from '../../src/api/v1/v1-presenter.js';
import { GatewayProcess } from '../../demo/gateway-process.js';
import { DomainsDatabase } from '../domains-database.js';
import type { Connections, ConnectionsLoad } from '../load/connections.js';
import { cpuSecondsOf, type Placement } from '../machine.js';
import { whole, type Result } from '../report.js';
import { Worker } from '../worker.js';
import { startPeers, type Contender } from './peers.js';
import { resultsOf, type Sample } from './results.js';

const WARM_NAMES = 300;
const CALLERS = 32;
const PATH = '/api/v1/status';

interface HandshakesContext {
  readonly placement: Placement;
  readonly rounds: number;
  readonly seconds: number;
  readonly names: number;
}

type Generator = Worker<ConnectionsLoad, Connections>;

/**
 * Measures connections beside other servers, each with the same names, 10,000 of them: a handshake, one GET, the close. The
 * servers run throughout and are loaded in turn.
 */
export async function measureHandshakes(context: HandshakesContext): Promise<Result[]> {
  console.log(`  creating ${whole(context.names)} domains, keys and certificates`);
  const directory = mkdtempSync(join(tmpdir(), 'onetime-bench-tls-'));
  const certificates = join(directory, 'certificates');
  mkdirSync(certificates);
  const stops: (() => Promise<void>)[] = [];
  try {
    const database = await DomainsDatabase.start(context.names, certificates);
    stops.push(() => database.stop());
    const { names } = database;
    const gateway = await startGateway(database, context.placement);
    stops.push(() => gateway.stop());
    const body = JSON.stringify(STATUS_BODY);
    const peers = await startPeers({ names, certificates, directory, body }, context.placement);
    stops.push(...peers.map(({ stop }) => stop));
    const generator: Generator = Worker.start('./load/connections.js', context.placement.load);
    stops.push(() => generator.stop());
    return await compareAll([gateway, ...peers], generator, names, context);
  } finally {
    for (const stop of stops.toReversed()) await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startGateway(database: DomainsDatabase, { server }: Placement): Promise<Contender> {
  const variables = { ...database.variables('full'), GATEWAY_LIMITS: 'off' };
  const gateway = await GatewayProcess.spawn({ launcher: server, variables });
  await gateway.ready();
  const { pid, ports } = gateway;
  return { name: 'gateway', pid, port: ports.https, stop: () => gateway.remove() };
}

async function compareAll(
  contenders: readonly Contender[],
  generator: Generator,
  names: readonly string[],
  { rounds, seconds }: HandshakesContext,
): Promise<Result[]> {
  const warm = { names: names.slice(0, WARM_NAMES), resumes: false, seconds };
  const kinds = [
    { kind: 'warm', load: warm },
    { kind: 'resumed', load: { ...warm, resumes: true } },
    { kind: 'cold', load: { ...warm, names } },
  ] as const;
  const results: Result[] = [];
  for (const { kind, load } of kinds) {
    const isEachOnce = kind !== 'cold';
    for (const one of contenders) await sample(one, generator, { ...load, isEachOnce });
    const samples: Sample[][] = [];
    for (let round = 0; round < rounds; round++) {
      const taken: Sample[] = [];
      for (const one of contenders)
        taken.push(await sample(one, generator, { ...load, isEachOnce: false }));
      samples.push(taken);
    }
    results.push(...resultsOf(kind, samples));
  }
  return results;
}

async function sample(
  { name, pid, port }: Contender,
  generator: Generator,
  load: Pick<ConnectionsLoad, 'names' | 'resumes' | 'seconds' | 'isEachOnce'>,
): Promise<Sample> {
  const [before, spent] = [cpuSecondsOf(pid), cpuSecondsOf(generator.pid)];
  const done = await generator.ask({ ...load, port, path: PATH, callers: CALLERS });
  const { operations, seconds, durations, resumed } = done;
  return {
    name,
    cpuMicros: ((cpuSecondsOf(pid) - before) * 1_000_000) / operations,
    p50: durations[Math.floor(operations * 0.5)] ?? NaN,
    p99: durations[Math.floor(operations * 0.99)] ?? NaN,
    perSecond: operations / seconds,
    resumed: resumed / operations,
    generatorCores: (cpuSecondsOf(generator.pid) - spent) / seconds,
  };
}
