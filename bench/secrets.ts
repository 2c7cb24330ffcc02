import { readConfig } from '../src/config/config.js';
import { openDatabases } from '../src/database/embedded/open-databases.js';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import { compare, type Work } from './comparison.js';
import type { PairsLoad } from './load/pairs.js';
import type { DirectSqlLoad } from './peers/direct-sql.js';
import { throughputResult, type Result } from './report.js';
import { Worker } from './worker.js';

/** The size of the gateway's pool. Both sides have ten database connections and ten callers. */
const CONNECTIONS = 10;

const PEERS = [
  { addresses: 'partitions', peerName: 'the best SQL', target: 0.8 },
  { addresses: 'tables', peerName: 'the same SQL on whole tables', target: 1 },
] as const;

/**
 * Measures share and reveal over the API, compared with the best SQL that does as much without the API: prepared
 * statements that name the partitions of the day, and, beside it, the same statements on the whole tables.
 *
 * All use the same tables of one database. The server's core runs the Node process that issues the SQL: the gateway or
 * the direct client. The other core runs PostgreSQL and, for the gateway, the load generator, so the database has less
 * CPU time when the gateway is measured. Throughput is compared, because the database is part of each. The CPU times
 * are those of the Node processes only.
 */
export async function measureSecrets(context: BenchmarkContext): Promise<Result[]> {
  const { gateway, placement } = context;
  const databaseUrl = await databaseUrlOf(context);
  const direct = Worker.start<DirectSqlLoad, Work>('./peers/direct-sql.js', placement.server);
  const generator = Worker.start<PairsLoad, Work>('./load/pairs.js', placement.load);
  const { https: port } = gateway.ports;
  const api = { port, host: HOST, connections: CONNECTIONS, pairs: Infinity };
  try {
    const results: Result[] = [];
    for (const { addresses, peerName, target } of PEERS) {
      const load = (seconds: number): Promise<Work> =>
        direct.ask({ databaseUrl, connections: CONNECTIONS, seconds, addresses });
      const comparison = await compare(
        { pid: gateway.pid, load: (seconds) => generator.ask({ ...api, seconds }) },
        { pid: direct.pid, load },
        context,
      );
      const question = `share + reveal over the API, against ${peerName}`;
      results.push(throughputResult({ question, unit: 'pairs', peerName, target }, comparison));
    }
    return results;
  } finally {
    await generator.stop();
    await direct.stop();
  }
}

/** The URL of the running gateway's database, found through its data dir as the operator's commands do. */
async function databaseUrlOf({ gateway }: BenchmarkContext): Promise<string> {
  const config = readConfig(gateway.environment);
  const served = config.served.find(({ host }) => host === HOST);
  if (served === undefined) throw new Error(`${HOST} is not served`);
  return (await openDatabases(config, 'command')).urlOf(served.region);
}
