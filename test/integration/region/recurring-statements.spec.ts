import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Client, type PoolClient } from 'pg';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { ChallengeStore } from '../../../src/certificates/stores/challenge.store.js';
import { CaHeadroom } from '../../../src/certificates/ca/ca-headroom.js';
import { CaLedger } from '../../../src/certificates/ca/ca-ledger.js';
import type { CertificateSettings } from '../../../src/certificates/certificate-settings.js';
import { PUBLIC_CA_LIMITS } from '../../../src/config/acme-limits.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { DueLoop } from '../../../src/database/due-loop.js';
import { poolOf, Statements } from '../../../src/database/statements.js';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { BodyBudget } from '../../../src/region/body-budget.js';
import { startCell, type Cell } from '../../../src/region/cell.js';
import { createLogger } from '../../../src/shared/logger.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { idleCellConfig } from './idle-cell-config.js';
import { fillDatabase } from './large-database.js';

/** Tables that have a few rows whatever the region has. All others are filled. */
const SMALL_TABLES = [
  'acme_accounts',
  'admin_keys',
  'key_masks',
  'outbox_readers',
  'purges',
  'root_key_checks',
  'schema_migrations',
  'serving_logins',
  'ticket_keys',
  'write_probe_pages',
  'write_probes',
];
/** Larger than any batch or page. A table with fewer rows may be read in one go. */
const BIG = 10_000;
/** A day that is over is read once, before its partition is dropped. */
const READS_A_PAST_DAY =
  /^select exists \(select from receipts_\d{8} where expires_at > now\(\)\)$/;
/** Pages of 8 KB that one statement may touch. */
const BUFFERS_MAX = 45_000;
const ROWS_MAX = 11_000;
const ROUND_TIMEOUT = 240_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

interface Explained {
  readonly 'Query Text': string;
  readonly Plan: Plan;
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function faultsOf({ Plan: plan }: Explained, bigTables: ReadonlySet<string>): string[] {
  const buffers = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  return [
    ...(buffers > BUFFERS_MAX ? [`touches ${buffers} buffers`] : []),
    ...nodesOf(plan).flatMap((node) => {
      const table = node['Relation Name'] ?? '';
      const rows =
        (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
      return [
        ...(node['Node Type'] === 'Seq Scan' && bigTables.has(table)
          ? [`reads all of ${table}`]
          : []),
        ...(rows > ROWS_MAX ? [`reads ${rows} rows of ${table}`] : []),
      ];
    }),
  ];
}

// Every loop of a cell is a DueLoop, and the database itself reports the plan of each statement, those of triggers
// included: a new loop or statement is covered without being named here.
describe('with 100,000 domains', () => {
  let database: TestDatabase;
  let authority: TestAuthority;
  let cell: Cell;
  let dataSource: DataSource;
  const explained: Explained[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'recurring-mail-'));
  const loops = new Map<string, DueLoop>();
  let bigTables: ReadonlySet<string>;

  beforeAll(async () => {
    [database, authority] = await Promise.all([openTestDatabase(), openTestAuthority()]);
    await fillDatabase(database.url);
    bigTables = await findBigTables(database);
    await explainAll(database.url);
    watchLoops((loop) => loops.set(loop.name, loop));
    dataSource = await connectDatabase(database.url);
    poolOf(dataSource).on('connect', (client: PoolClient) => {
      client.on('notice', ({ message }) => {
        const start = message?.indexOf('{') ?? -1;
        if (start > 0) explained.push(JSON.parse(message!.slice(start)) as Explained);
      });
    });
    // The first connection was made before.
    await database.dataSource.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'",
    );
    await until('the pool forgets it', () => poolOf(dataSource).totalCount === 0);
    const config = idleCellConfig(database.url, folder);
    const logger = createLogger({ destination: { write: () => {} } });
    cell = await startCell(config, dataSource, {
      logger,
      localAuthority: authority.authority,
      hostServers: new HostServers(),
      bodies: new BodyBudget({ limitsNetworks: true }),
    });
  }, 300_000);

  afterAll(async () => {
    await cell?.close();
    jest.restoreAllMocks();
    await database.close();
    await authority?.remove();
    rmSync(folder, { recursive: true });
  });

  it('no recurring statement reads a whole table, or more than a batch', async () => {
    // The round that listens ends with its connection.
    const repeating = [...loops.values()].filter(({ name }) => name !== 'ChangeFeed listen');
    const before = new Map(repeating.map((loop) => [loop, loop.rounds]));
    // Each loop ends after a round: the backlog would keep the machine busy.
    await Promise.all(
      repeating.map(async (loop) => {
        void loop.startNow();
        const isDone = (): boolean => loop.rounds > (before.get(loop) ?? 0);
        await until(`a round of ${loop.name}`, isDone, ROUND_TIMEOUT);
        await loop.stop();
      }),
    );
    await cell.metrics.metrics();
    // With a CA, each order counts.
    const settings = { cas: [{ name: 'ca', limits: PUBLIC_CA_LIMITS }] };
    const ledger = new CaLedger(dataSource, settings as unknown as CertificateSettings);
    const name = {
      hostname: 'host-1.customer-1.test',
      registrableDomain: 'customer-1.test',
      isRenewal: false,
      lifetimeSeconds: null,
    };
    expect(await ledger.reserveOrder('ca', name)).toBeNull();
    const statements = new Statements(dataSource);
    // Asked by the CAs, at the name server.
    expect(await new ChallengeStore(statements, dataSource).findDnsValues('label-1')).toEqual([]);
    const registry = new Registry();
    const limited = settings as unknown as CertificateSettings;
    const headroom = new CaHeadroom(limited, ledger, statements, registry);
    expect(headroom).toBeDefined();
    expect(await registry.metrics()).toContain('limit="failures"');
    expect([...loops.keys()]).toEqual(
      expect.arrayContaining(['AccountChangesJob', 'DomainCheckJob', 'IssuanceJob', 'Upkeep']),
    );
    // Each of the queues had work.
    const texts = explained.map((each) => each['Query Text']).join('\n');
    for (const part of [
      'update account_changes',
      'update domain_changes',
      'update issuances',
      'update domains',
      'delete from',
      'ca_ledger',
      'from unnest',
      'with recursive used',
      'as ending',
      'as most',
      "kind = 'failed_authorization'",
      'update acme_orders',
      "c.type = 'dns-01'",
    ])
      expect(texts).toContain(part);
    const recurring = explained.filter(({ 'Query Text': text }) => !READS_A_PAST_DAY.test(text));
    const faults = recurring.flatMap((each) =>
      faultsOf(each, bigTables).map((fault) => `${fault}: ${each['Query Text']}`),
    );
    expect(faults).toEqual([]);
  }, 300_000);
});

/** @throws when a table that grows has no rows here */
async function findBigTables({ dataSource }: TestDatabase): Promise<ReadonlySet<string>> {
  const tables = await dataSource.query<{ name: string; rows: number; parent: string | null }[]>(
    `select relname as name, reltuples::float8 as rows, inhparent::regclass::text as parent
     from pg_class left join pg_inherits on inhrelid = pg_class.oid
     where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const big = tables.filter(({ rows }) => rows >= BIG);
  const filled = new Set(big.map(({ name, parent }) => parent ?? name));
  const wanted = tables.map(({ name, parent }) => parent ?? name);
  const empty = wanted.filter((name) => !filled.has(name) && !SMALL_TABLES.includes(name));
  if (empty.length > 0) throw new Error(`fill in large-database.ts: ${[...new Set(empty)].join()}`);
  return new Set(big.map(({ name }) => name));
}

/** The server sends the plan of each statement as a notice, to connections made from now on. */
async function explainAll(url: string): Promise<void> {
  const admin = new URL(process.env['TEST_POSTGRES_ADMIN_URL'] ?? '');
  const name = new URL(url).pathname.slice(1);
  const client = new Client({ connectionString: admin.href });
  await client.connect();
  try {
    for (const [setting, value] of Object.entries({
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_buffers': 'on',
      'auto_explain.log_timing': 'off',
      'auto_explain.log_format': 'json',
      'auto_explain.log_level': 'notice',
      'auto_explain.log_nested_statements': 'on',
      client_min_messages: 'notice',
    }))
      await client.query(`alter database ${name} set ${setting} = '${value}'`);
  } finally {
    await client.end();
  }
}

/** Reports each loop that starts. */
function watchLoops(report: (loop: DueLoop) => void): void {
  const original = Object.getOwnPropertyDescriptors(DueLoop.prototype);
  jest.spyOn(DueLoop.prototype, 'start').mockImplementation(function (this: DueLoop) {
    report(this);
    original.start.value?.call(this);
  });
  jest.spyOn(DueLoop.prototype, 'startNow').mockImplementation(async function (this: DueLoop) {
    report(this);
    await original.startNow.value?.call(this);
  });
}
