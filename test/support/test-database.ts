import { randomBytes } from 'node:crypto';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Client, type Pool } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { connectDatabase } from '../../src/database/connect.js';
import { migrateDatabase } from '../../src/database/migrate.js';
import { poolOf, Statements } from '../../src/database/statements.js';

/** A migrated database for one test, connected as a cell connects to its own. */
export interface TestDatabase {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly statements: Statements;
  /** Disconnects and drops the database. */
  close(): Promise<void>;
}

const TEMPLATE = 'onetime_template';
// An arbitrary number, the same in every worker.
const TEMPLATE_LOCK = 7_340_118;

/** Clones the migrated template database. Takes about 15 ms. */
export function openTestDatabase(): Promise<TestDatabase> {
  return openDatabase(async (admin, ownerUrl) => {
    await ensureTemplate(admin, ownerUrl);
    return `template ${TEMPLATE} strategy file_copy`;
  });
}

/** A database without any table. @param options further ones of `create database` */
export function openEmptyDatabase(options = ''): Promise<TestDatabase> {
  return openDatabase(() => Promise.resolve(`template template0 ${options}`));
}

/** @param optionsOf resolves to options of `create database` */
async function openDatabase(
  optionsOf: (admin: Client, ownerUrl: string) => Promise<string>,
): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const ownerUrl = variable('TEST_POSTGRES_URL');
  const owner = new URL(ownerUrl).username;
  await asAdmin(async (admin) => {
    const options = await optionsOf(admin, ownerUrl);
    await admin.query(`create database ${name} owner ${owner} ${options}`);
  });

  const url = withDatabase(ownerUrl, name);
  const dataSource = await connectDatabase(url);
  allowOneConnection(dataSource);
  return {
    url,
    dataSource,
    statements: new Statements(dataSource),
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

const inTransaction = new AsyncLocalStorage<DataSource>();

/** Within a transaction a second connection of the pool fails: those who hold one and wait for another lock each other out. */
function allowOneConnection(dataSource: DataSource): void {
  const { manager } = dataSource;
  const begin = manager.transaction.bind(manager) as (...args: unknown[]) => Promise<unknown>;
  // The isolation, if it is named, comes before the work.
  const mark = (argument: unknown): unknown =>
    typeof argument === 'function'
      ? (within: EntityManager) => inTransaction.run(dataSource, () => argument(within) as unknown)
      : argument;
  manager.transaction = ((...args: unknown[]) =>
    begin(...args.map(mark))) as EntityManager['transaction'];
  const pool = poolOf(dataSource);
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown;
  pool.connect = ((...args: unknown[]) => {
    if (inTransaction.getStore() === dataSource)
      throw new Error('a second connection within a transaction');
    return connect(...args);
  }) as Pool['connect'];
}

/** For a test that holds a transaction while the code does something else, as another process does. */
export function asAnotherProcess<Result>(work: () => Result): Result {
  return inTransaction.exit(work);
}

/** Makes the template from the current source, once in a run: the first worker does it under the lock. */
async function ensureTemplate(admin: Client, ownerUrl: string): Promise<void> {
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [
      TEMPLATE,
    ]);
    if (rowCount !== 0) return;
    const dataSource = await connectDatabase(ownerUrl);
    await migrateDatabase(dataSource);
    await dataSource.destroy();
    const draft = new URL(ownerUrl).pathname.slice(1);
    await admin.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1',
      [draft],
    );
    await admin.query(`alter database ${draft} rename to ${TEMPLATE}`);
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** Runs `work` on a connection of the server's superuser. */
export async function asAdmin(work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: variable('TEST_POSTGRES_ADMIN_URL') });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this test in jest's project "integration"`);
  return value;
}
