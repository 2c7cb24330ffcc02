import { Registry } from 'prom-client';
import { KeyVault } from '../../../src/certificates/key-vault.js';
import { TicketKeyStore } from '../../../src/certificates/tickets/ticket-key.store.js';
import { TicketKeysJob } from '../../../src/certificates/tickets/ticket-keys.job.js';
import { TICKET_KEY_PERIOD, TicketKeys } from '../../../src/certificates/tickets/ticket-keys.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import { Statements } from '../../../src/database/statements.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const ROOT_KEYS = [1, 2].map((version) => ({ version, bytes: Buffer.alloc(32, version) }));

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => database.dataSource.query('delete from ticket_keys'));
afterAll(() => database.close());

/** @param versions of the root keys that the process has, the current one first */
function storeWith(versions: readonly number[], region = 'eu'): TicketKeyStore {
  const rootKeys = versions.map((version) => ROOT_KEYS[version - 1]);
  const config = { rootKeys, region } as unknown as CellConfig;
  const vault = new KeyVault(config, new UnopenedCiphertexts(new Registry()));
  return new TicketKeyStore(new Statements(database.dataSource), vault);
}

/** What a process has in memory once its job has read the database. */
async function readBy(store: TicketKeyStore): Promise<readonly Buffer[]> {
  const tickets = new TicketKeys();
  const [own] = tickets.usable();
  const job = new TicketKeysJob(store, tickets);
  job.onModuleInit();
  await until('the shared keys', () => tickets.usable()[0] !== own);
  await job.onModuleDestroy();
  return tickets.usable().filter((secret) => secret !== own);
}

const rows = () =>
  database.dataSource.query<{ period: number; keyVersion: number }[]>(
    'select period, key_version as "keyVersion" from ticket_keys order by period, key_version',
  );

it('processes that start at once agree on one key, and one that starts later has it too', async () => {
  const first = await Promise.all([1, 2, 3, 4].map(() => readBy(storeWith([1]))));
  const [seen] = first;
  for (const keys of [...first, await readBy(storeWith([1]))]) expect(keys).toEqual(seen);
});

it('a process that starts with a key of the period adds none', async () => {
  const before = await readBy(storeWith([1]));
  const [{ count }] = (await database.dataSource.query<[{ count: string }]>(
    'select count(*) from ticket_keys',
  ))!;
  expect(await readBy(storeWith([1]))).toEqual(before);
  expect(await rows()).toHaveLength(Number(count));
});

it('one process stores the next key before its use, and nobody one of a later period', async () => {
  const [one, other] = [storeWith([1]), storeWith([1])];
  const { period } = await one.find();
  await Promise.all([one, other, one, other].map((store) => store.add(period + 1)));
  await one.add(period + 3);
  await one.add(period - 1);
  expect((await rows()).map((row) => row.period)).toEqual([period + 1]);
  const { keys, left } = await other.find();
  expect(keys).toHaveLength(1);
  expect(keys[0]!.sealsFrom - performance.now()).toBeCloseTo(left, -3);
  expect(keys[0]!.sealsUntil - keys[0]!.sealsFrom).toBe(TICKET_KEY_PERIOD);
});

it('a key whose tickets have all expired is destroyed, the one before the current may stay', async () => {
  const store = storeWith([1]);
  const { period } = await store.find();
  await database.dataSource.query(
    `insert into ticket_keys (period, key_version, sealed_secret) values ($1, 1, 'x'), ($2, 1, 'x')`,
    [period - 2, period - 100],
  );
  await readBy(store);
  expect((await rows()).every((row) => row.period >= period)).toBe(true);
});

it('during a change of the root key all processes that have one in common share a key', async () => {
  const [old, both, fresh] = [storeWith([1]), storeWith([2, 1]), storeWith([2])];
  const [first] = await readBy(both);
  expect((await readBy(fresh))[0]).toEqual(first);
  // It cannot open the key under the new root key, so it stores one that all others prefer.
  const [second] = await readBy(old);
  expect(second).not.toEqual(first);
  expect((await readBy(both))[0]).toEqual(second);
  expect((await readBy(fresh))[0]).toEqual(first);
});

it('the key of another region does not open', async () => {
  await readBy(storeWith([1]));
  expect((await storeWith([1], 'us').find()).keys).toEqual([]);
});

it('nothing of a secret stands in the database in clear', async () => {
  const [secret] = await readBy(storeWith([1]));
  const [row] = await database.dataSource.query<{ sealed: Buffer }[]>(
    'select sealed_secret as sealed from ticket_keys',
  );
  expect(row!.sealed.includes(secret!)).toBe(false);
  expect(row!.sealed.includes(Buffer.from(secret!.toString('base64')))).toBe(false);
});
