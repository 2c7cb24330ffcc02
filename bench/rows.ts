import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { AccountId } from '../src/accounts/account.js';
import { connectDatabase, urlOf } from '../src/database/connect.js';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../src/database/migrate.js';
import { Statements } from '../src/database/statements.js';
import type { GuessLimits } from '../src/limits/guess-limits.js';
import { ReceiptStore } from '../src/secrets/receipt.store.js';
import { SecretStore } from '../src/secrets/secret.store.js';
import { spreadOf } from './comparison.js';
import { accountId, accountsOf, addressOf, DAYS, FILLING, fillRows } from './fill-rows.js';
import { whole, type Result } from './report.js';

const ROUNDS = 5;
const CALLS = 200;
const LISTS = 10;
/** A prime: calls in a row are about rows that lie apart. */
const STRIDE = 7919;
/** The largest database over the smallest: more would not be flat. */
const GROWTH_MAX = 2;

/** Microseconds of the server's processor for one call. */
type Costs = Readonly<Record<string, number>>;

/**
 * Measures what the store's statements cost PostgreSQL with few and with many rows. Processor time of the one backend
 * that serves them: it does not depend on what else the machine does.
 */
export async function measureRows(sizes: readonly number[]): Promise<Result[]> {
  const all: Costs[] = [];
  for (const size of sizes) {
    const costs = await measureSize(size);
    all.push(costs);
    const line = Object.entries(costs).map(([name, micros]) => `${name} ${whole(micros)} us`);
    console.log(`  ${whole(size)} secrets and receipts: ${line.join(', ')}`);
  }
  const [first = {}, last = {}] = [all[0], all.at(-1)];
  return Object.entries(last).map(([name, micros]) => {
    const growth = micros / (first[name] ?? NaN);
    return {
      question: `${name} with ${whole(sizes.at(-1) ?? 0)} rows, over with ${whole(sizes[0] ?? 0)}`,
      reached: growth.toFixed(2),
      target: `at most ${GROWTH_MAX.toFixed(2)}`,
      isMet: growth <= GROWTH_MAX,
      details: [],
    };
  });
}

async function measureSize(size: number): Promise<Costs> {
  const dataDir = mkdtempSync(join(tmpdir(), 'onetime-rows-'));
  try {
    await fillDataDir(dataDir, size);
    return await measureDataDir(dataDir, size);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export function fillDataDir(dataDir: string, size: number): Promise<void> {
  return withDatabase(dataDir, FILLING, async (dataSource) => {
    await migrateDatabase(dataSource);
    await fillRows(urlOf(dataSource), size);
  });
}

export function measureDataDir(dataDir: string, size: number): Promise<Costs> {
  const settings = { max_wal_size: '4GB', autovacuum: 'off', shared_buffers: '512MB' };
  return withDatabase(dataDir, settings, (dataSource) => measureCalls(dataSource, size));
}

async function withDatabase<T>(
  dataDir: string,
  settings: Readonly<Record<string, string>>,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const server = await startEmbeddedPostgres({ dataDir, regions: ['eu'], settings });
  try {
    const dataSource = await connectDatabase(server.urlOf('eu'));
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await server.stop();
  }
}

async function measureCalls(dataSource: DataSource, size: number): Promise<Costs> {
  const statements = new Statements(dataSource);
  await statements.refreshPartitions();
  const secrets = new SecretStore(statements, {} as GuessLimits);
  const receipts = new ReceiptStore(statements);
  const rows = Math.ceil(size / DAYS);
  // Each row is claimed once: the rounds walk through the days and rows.
  let next = 0;
  const at = (kind: 'secret' | 'receipt', index: number): ReturnType<typeof addressOf> =>
    addressOf(kind, 1 + (index % DAYS), 1 + ((Math.floor(index / DAYS) * STRIDE) % rows));
  const calls: Readonly<Record<string, readonly [number, (index: number) => Promise<unknown>]>> = {
    'look-up': [CALLS, (index) => secrets.find(at('secret', index), null)],
    insert: [CALLS, (index) => secrets.insert(newSecret(at('secret', index).expiresOn))],
    show: [CALLS, (index) => receipts.find(at('receipt', index), null)],
    list: [
      LISTS,
      (index) => receipts.findRecent(accountId(index % accountsOf(size)) as AccountId, null),
    ],
    claim: [CALLS, (index) => secrets.claim(at('secret', index), at('receipt', index), 'received')],
  };
  const costs: Record<string, number> = {};
  for (const [name, [count, call]] of Object.entries(calls)) {
    const run = async (): Promise<number> => {
      // What only reads is about the same rows in each round, so that all of their pages are in memory.
      if (name !== 'claim') next = 0;
      const before = await backendMicros(dataSource);
      for (let done = 0; done < count; done += 1)
        if ((await call((next += 1))) === null) throw new Error(`${name} found no row`);
      return ((await backendMicros(dataSource)) - before) / count;
    };
    // Plans are made, and pages read.
    await run();
    const micros: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) micros.push(await run());
    costs[name] = spreadOf(micros).median;
  }
  return costs;
}

/** The pool gives the connection that was used last, so all calls have one backend. */
async function backendMicros(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ pid: number }[]>('select pg_backend_pid() as pid');
  const [nanoseconds] = readFileSync(`/proc/${row?.pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1000;
}

function newSecret(expiresOn: string): Parameters<SecretStore['insert']>[0] {
  const receiptDay = new Date(Date.parse(expiresOn) + 30 * 86_400_000).toISOString().slice(0, 10);
  return {
    secret: { lookup: randomBytes(20), expiresOn },
    receipt: { lookup: randomBytes(20), expiresOn: receiptDay },
    ttlSeconds: 3600,
    receiptTtlSeconds: 7200,
    ownerId: null,
    domain: null,
    keyVersion: 1,
    salt: null,
    passphraseRule: null,
    guessesMax: null,
    ciphertext: randomBytes(78),
    sealedSecretKey: randomBytes(59),
    sealedMetadataKey: null,
    sealedShortId: randomBytes(36),
    kind: 'share',
    recipients: [],
    notifiesOpened: false,
    isRecipientTold: false,
  };
}
