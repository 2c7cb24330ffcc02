import { readConfig } from '../src/config/config.js';
import { openDatabases } from '../src/database/embedded/open-databases.js';
import type { PairsLoad } from './load/pairs.js';
import type { DirectSqlLoad } from './peers/direct-sql.js';
import { throughputAnswer, type Answer } from './report.js';
import { compare, type Work } from './rounds.js';
import { HOST, type Setting } from './setting.js';
import { Worker } from './worker.js';

/** The gateway's pool has as many: on both sides ten connections to the database, and ten callers. */
const CONNECTIONS = 10;

/**
 * What does a secret's life over the API cost, beside its bare SQL?
 *
 * Both run on the same tables of one database. On the server's core runs the one Node process that issues the SQL: the
 * gateway, or the direct client. On the other core run PostgreSQL and, for the gateway, whoever calls the API; so the
 * database has, if anything, less room when the gateway is measured. Throughput counts, because the database is part
 * of both; the CPU times are those of the Node processes alone.
 */
export async function askSecrets(setting: Setting): Promise<Answer> {
  const { gateway, placement } = setting;
  const databaseUrl = await databaseUrlOf(setting);
  const direct = Worker.start<DirectSqlLoad, Work>('./peers/direct-sql.js', placement.server);
  const generator = Worker.start<PairsLoad, Work>('./load/pairs.js', placement.load);
  const { https: port } = gateway.ports;
  const api = { port, host: HOST, connections: CONNECTIONS, pairs: Infinity };
  try {
    const comparison = await compare(
      { pid: gateway.pid, load: (seconds) => generator.ask({ ...api, seconds }) },
      {
        pid: direct.pid,
        load: (seconds) => direct.ask({ databaseUrl, connections: CONNECTIONS, seconds }),
      },
      setting,
    );
    return throughputAnswer(
      {
        question: 'share + reveal over the API, against the same SQL through pg',
        unit: 'pairs',
        peerName: 'direct SQL',
        target: 0.5,
      },
      comparison,
    );
  } finally {
    await generator.stop();
    await direct.stop();
  }
}

/** As the operator's commands find it: beside the running gateway, from its data dir. */
async function databaseUrlOf({ gateway }: Setting): Promise<string> {
  const config = readConfig(gateway.environment);
  const served = config.served.find(({ host }) => host === HOST);
  if (served === undefined) throw new Error(`${HOST} is not served`);
  return (await openDatabases(config, 'command')).urlOf(served.region);
}
