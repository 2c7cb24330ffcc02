import { readConfig } from '../src/config/config.js';
import { openDatabases } from '../src/database/embedded/open-databases.js';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import { compare, type Comparison, type Work } from './comparison.js';
import type { PairsLoad } from './load/pairs.js';
import { cpuSecondsBelow } from './machine.js';
import type { DirectSqlLoad } from './peers/direct-sql.js';
import type { Addresses } from './peers/pair-statements.js';
import type { PairsServer } from './peers/pairs-server.js';
import { figuresLine, spread, throughputResult, type Result } from './report.js';
import { send } from './send.js';
import { certificateOf, KEEP_ALIVE_SECONDS } from './static-peer.js';
import { Worker } from './worker.js';

/** The size of the gateway's pool. Both sides have ten database connections and ten callers. */
const CONNECTIONS = 10;

const PEERS = [
  { addresses: 'partitions', peerName: 'the best SQL', target: 0.8 },
  { addresses: 'tables', peerName: 'the same SQL on whole tables', target: 1 },
] as const;

/**
 * Measures share and reveal over the API, compared with the best SQL that does as much without the API: prepared
 * statements that name the partitions of the day, and, beside it, the same statements on the whole tables. A floor, bare
 * node:https with the cryptography and the best SQL of a pair in one small program, is compared with the best SQL too: it
 * tells how much of the distance TLS, HTTP and cryptography take on Node.
 *
 * All use the same tables of one database. The server's core runs the Node process that issues the SQL: the gateway, the
 * floor or the direct client. The other core runs PostgreSQL and, for the servers, the load generator, so the database has
 * less CPU time then. Throughput is compared, because the database is part of each. CPU times are given for the Node
 * process and for PostgreSQL, all of its processes.
 */
export async function measureSecrets(context: BenchmarkContext): Promise<Result[]> {
  const { gateway, placement } = context;
  const databaseUrl = await databaseUrlOf(context);
  const direct = Worker.start<DirectSqlLoad, Work>('./peers/direct-sql.js', placement.server);
  const floor = Worker.start<PairsServer, { port: number }>(
    './peers/pairs-server.js',
    placement.server,
  );
  const generator = Worker.start<PairsLoad, Work>('./load/pairs.js', placement.load);
  const databaseSeconds = (): number => cpuSecondsBelow(gateway.pid);
  const api = { host: HOST, connections: CONNECTIONS, pairs: Infinity };
  const server = (pid: number, port: number) => ({
    pid,
    load: (seconds: number) => generator.ask({ ...api, port, seconds }),
    databaseSeconds,
  });
  const sql = (addresses: Addresses) => ({
    pid: direct.pid,
    load: (seconds: number) =>
      direct.ask({ databaseUrl, connections: CONNECTIONS, seconds, addresses }),
    databaseSeconds,
  });
  try {
    const results: Result[] = [];
    for (const { addresses, peerName, target } of PEERS) {
      const comparison = await compare(
        server(gateway.pid, gateway.ports.https),
        sql(addresses),
        context,
      );
      const question = `share + reveal over the API, against ${peerName}`;
      results.push(throughputResult({ question, unit: 'pairs', peerName, target }, comparison));
    }
    const { port } = await floor.ask(await floorOf(context, databaseUrl));
    results.push(floorResult(await compare(server(floor.pid, port), sql('partitions'), context)));
    return results;
  } finally {
    await generator.stop();
    await floor.stop();
    await direct.stop();
  }
}

/** With the headers of the gateway's answers. */
async function floorOf({ gateway }: BenchmarkContext, databaseUrl: string): Promise<PairsServer> {
  const share = { method: 'POST', path: '/api/v1/share', headers: {}, body: 'secret=a' };
  const { headers } = await send(gateway, share);
  return {
    ...(await certificateOf(gateway)),
    headers: withoutLength(headers),
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
    databaseUrl,
    connections: CONNECTIONS,
  };
}

function withoutLength(headers: readonly string[]): string[] {
  const at = headers.findIndex((name) => name.toLowerCase() === 'content-length');
  return headers.filter((_text, index) => index !== at && index !== at + 1);
}

function floorResult({ gateway: floor, peer, byThroughput }: Comparison): Result {
  return {
    question: 'the floor: bare Node with TLS, HTTP, cryptography and the best SQL, against it',
    reached: spread(byThroughput),
    target: 'none',
    isMet: null,
    details: [figuresLine('floor', 'pairs', floor), figuresLine('the best SQL', 'pairs', peer)],
  };
}

/** The URL of the running gateway's database, found through its data dir as the operator's commands do. */
async function databaseUrlOf({ gateway }: BenchmarkContext): Promise<string> {
  const config = readConfig(gateway.environment);
  const served = config.served.find(({ host }) => host === HOST);
  if (served === undefined) throw new Error(`${HOST} is not served`);
  return (await openDatabases(config, 'command')).urlOf(served.region);
}
