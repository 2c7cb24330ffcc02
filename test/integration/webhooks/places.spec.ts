import type { DataSource } from 'typeorm';
import { connectDatabase } from '../../../src/database/connect.js';
import { Statements } from '../../../src/database/statements.js';
import { DeliveryQueue } from '../../../src/webhooks/delivery-queue.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const PROCESSES = 4;
const ACCOUNT = '11111111-1111-4111-8111-111111111111';

let database: TestDatabase;
let pools: DataSource[];
let queues: DeliveryQueue[];
beforeAll(async () => {
  database = await openTestDatabase();
  pools = await Promise.all(Array.from({ length: PROCESSES }, () => connectDatabase(database.url)));
  queues = pools.map((pool) => new DeliveryQueue(pool, new Statements(pool)));
  await database.dataSource.query(
    `insert into accounts (id, email, email_key, plan) values ($1, 'a@example.com', 'a@example.com', 'basic')`,
    [ACCOUNT],
  );
  // Their connections are there when it counts.
  await takenAtOnce();
});
beforeEach(() => database.dataSource.query('delete from webhooks'));
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.destroy()));
  await database.close();
});

/** More than one statement looks at. */
const WAITING = 500;

const insert = (target: string): Promise<unknown> =>
  database.dataSource.query(
    `insert into webhooks (id, account_id, name, url, target, events, key_version, sealed_secret, next_at)
     select gen_random_uuid(), $1, 'hook ' || i, 'https://x/', ${target}, '{}', 1, '', now()
     from generate_series(1, ${WAITING}) as i`,
    [ACCOUNT],
  );

/** How many all processes lease that look at the same time, round after round. */
async function takenAtOnce(): Promise<number> {
  let taken = 0;
  for (let round = 1; round <= 5; round += 1) {
    const rounds = await Promise.all(queues.map((queue, index) => queue.takeDue(`${index}`, 32)));
    taken += rounds.flat().length;
  }
  return taken;
}

describe('processes that look for due webhooks at the same time', () => {
  it('send to one host and port from two places in all', async () => {
    await insert(`'hooks.example.com:443'`);
    expect(await takenAtOnce()).toBe(2);
  });

  it('send for one account from four places in all', async () => {
    await insert(`'hooks' || i || '.example.com:443'`);
    expect(await takenAtOnce()).toBe(4);
  });
});
