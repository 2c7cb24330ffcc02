import pg, { type PoolConfig } from 'pg';
import { DataSource, getMetadataArgsStorage, type DataSourceOptions } from 'typeorm';
import { SECOND } from '../shared/durations.js';
import { FairPool } from './fair-pool.js';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT = 3 * SECOND;
const STATEMENT_TIMEOUT = 5 * SECOND;
// The server cancels first. This limit is for a network that drops packets.
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 3 * SECOND;
const IDLE_IN_TRANSACTION_TIMEOUT = 30 * SECOND;

const LIMITS = {
  keepAlive: true,
  statement_timeout: STATEMENT_TIMEOUT,
  query_timeout: ANSWER_TIMEOUT,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
};

/**
 * No statement of a cell is to read a table from end to end. A prepared statement on a day's partition would: its plan is
 * kept from when the partition had few rows, and a thousand may come each second. Without sequential scans there is no use
 * for code compiled for long ones, which older servers would make because of what they add to the costs.
 */
const PLANS = '-c enable_seqscan=off -c jit=off';

type PostgresOptions = DataSourceOptions & { readonly type: 'postgres' };

/** The options of every data source: limits on connections and times, no schema synchronisation. */
export function dataSourceOptions(url: string): PostgresOptions {
  return {
    type: 'postgres',
    url: withServerOptions(url, PLANS),
    driver: { ...pg, Pool: FairPool },
    synchronize: false,
    logging: false,
    poolSize: POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT,
    applicationName: 'onetime-gateway',
    // The pool removes a broken idle connection by itself; DatabaseHealth logs it.
    poolErrorHandler: () => {},
    extra: LIMITS,
  };
}

/** The same limits for a pool that belongs to no data source. */
export function poolOptions(): PoolConfig {
  return {
    ...LIMITS,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    application_name: 'onetime-gateway',
  };
}

/**
 * A connected data source with every entity class imported so far: this room does not import them.
 * @throws the error of pg when the database cannot be reached
 */
export async function connectDatabase(url: string): Promise<DataSource> {
  const entities = getMetadataArgsStorage().tables.map(({ target }) => target);
  return new DataSource({ ...dataSourceOptions(url), entities }).initialize();
}

/** The URL with settings of the server for its connections, besides those that it has. */
export function withServerOptions(url: string, settings: string): string {
  const changed = new URL(url);
  const options = changed.searchParams.get('options');
  if (options?.includes(settings) === true) return url;
  changed.searchParams.set('options', options === null ? settings : `${options} ${settings}`);
  return changed.href;
}

/** The URL of a data source made by connectDatabase() or dataSourceOptions(). */
export function urlOf(dataSource: DataSource): string {
  const { url } = dataSource.options as { readonly url?: string };
  if (url === undefined) throw new Error('the data source was not made from a URL');
  return url;
}
