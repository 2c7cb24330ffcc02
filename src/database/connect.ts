import { DataSource, getMetadataArgsStorage, type DataSourceOptions } from 'typeorm';
import { SECOND } from '../shared/durations.js';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT = 3 * SECOND;
const STATEMENT_TIMEOUT = 5 * SECOND;
// The server cancels first; this is for a network that swallows packets.
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 3 * SECOND;
const IDLE_IN_TRANSACTION_TIMEOUT = 30 * SECOND;

type PostgresOptions = DataSourceOptions & { readonly type: 'postgres' };

/** How every data source of the product connects: bounded in connections and in time, the schema never synchronised. */
export function dataSourceOptions(url: string): PostgresOptions {
  return {
    type: 'postgres',
    url,
    synchronize: false,
    logging: false,
    poolSize: POOL_SIZE,
    connectTimeoutMS: CONNECT_TIMEOUT,
    applicationName: 'onetime-gateway',
    // The pool drops a broken idle connection by itself; DatabaseHealth tells of it.
    poolErrorHandler: () => {},
    extra: {
      keepAlive: true,
      statement_timeout: STATEMENT_TIMEOUT,
      query_timeout: ANSWER_TIMEOUT,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
    },
  };
}

/**
 * A connected data source that knows every entity class imported so far, so that this room need not import them.
 * Throws what pg throws when the database is away.
 */
export async function connectDatabase(url: string): Promise<DataSource> {
  const entities = getMetadataArgsStorage().tables.map(({ target }) => target);
  return new DataSource({ ...dataSourceOptions(url), entities }).initialize();
}

/** The URL that a data source of ours connects to. */
export function urlOf(dataSource: DataSource): string {
  const { url } = dataSource.options as { readonly url?: string };
  if (url === undefined) throw new Error('the data source was not made from a URL');
  return url;
}
