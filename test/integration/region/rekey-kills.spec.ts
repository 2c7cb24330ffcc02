import { once } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import type { Region } from '../../../src/config/region.js';
import { parseRootKeys } from '../../../src/config/root-key.js';
import { openVaults } from '../../../src/region/rekey/sealed-columns.js';
import { verifyRootKeys } from '../../../src/region/root-key-check.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { spawnTied } from '../../support/tied-process.js';
import { until } from '../../support/until.js';

const region = 'eu' as Region;
const [one, two] = [1, 2].map((version) => `${version}:${randomBytes(32).toString('base64')}`);
const KEYS = `${two},${one}`;
const MAILS = 1203;
/** At these mails, in the order of their ids, the command is killed: a lock holds it there. */
const KILLED_AT = [0, 600, 1100];

const vaultsWith = (keys: string) =>
  openVaults({ region, rootKeys: parseRootKeys(keys) }, new UnopenedCiphertexts(new Registry()))
    .mails;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** The command as a process of its own, from the build. */
function rekey() {
  return spawnTied(process.execPath, ['dist/src/cli/main.js', 'rekey', '--json'], {
    env: {
      PATH: process.env['PATH'],
      GATEWAY_REGIONS: region,
      GATEWAY_DATABASE_URL_EU: database.url,
      GATEWAY_ROOT_KEY_EU: KEYS,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function mails(): Promise<{ id: string; sealed: Buffer; keyVersion: number }[]> {
  return database.dataSource.query(
    'select id, sealed, key_version as "keyVersion" from mails order by id',
  );
}

async function isWaiting(): Promise<boolean> {
  const [{ waits }] = await database.dataSource.query<[{ waits: boolean }]>(
    `select exists(select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock') as waits`,
  );
  return waits;
}

async function resealed(): Promise<number> {
  return (await mails()).filter(({ keyVersion }) => keyVersion === 2).length;
}

it('gateway rekey goes on after each kill -9, and nothing is lost in between', async () => {
  await verifyRootKeys({ region, rootKeys: parseRootKeys(KEYS) }, database.dataSource);
  const old = vaultsWith(one ?? '');
  const ids = Array.from({ length: MAILS }, () => randomUUID()).toSorted();
  await database.dataSource.query(
    `insert into mails (id, kind, key_version, sealed, state, next_at, give_up_at)
     select id, 'test', 1, sealed, 'queued', now() + interval '1 day', now() + interval '2 days'
     from unnest($1::uuid[], $2::bytea[]) as row(id, sealed)`,
    [ids, ids.map((id) => old.seal(id, id).sealed)],
  );
  const both = vaultsWith(KEYS);
  const allOpen = async (): Promise<boolean> =>
    (await mails()).every(({ id, ...rest }) => both.open({ id, ...rest }) === id);

  for (const index of KILLED_AT) {
    const lock = database.dataSource.createQueryRunner();
    await lock.startTransaction();
    await lock.query('select from mails where id = $1 for update', [ids[index]]);
    const command = rekey();
    const ended = once(command, 'exit');
    await until(`the command waits for the mail ${index}`, isWaiting);
    command.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(await allOpen()).toBe(true);
    await lock.rollbackTransaction();
    await lock.release();
    expect(await resealed()).toBeGreaterThanOrEqual(index);
  }
  // What the last command had sent may still be done after it.
  await until('nothing waits', async () => !(await isWaiting()));
  const left = MAILS - (await resealed());
  expect(left).toBeGreaterThan(0);

  const last = rekey();
  let output = '';
  last.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(last, 'close')).toEqual([0, null]);
  const { records, old_versions: oldVersions } = JSON.parse(output) as {
    records: readonly { kind: string; resealed: number; unopened: number; left: number }[];
    old_versions: readonly { version: number; removable: boolean }[];
  };
  expect(records.at(-1)).toEqual({ kind: 'mails that wait', resealed: left, unopened: 0, left: 0 });
  expect(oldVersions).toMatchObject([{ version: 1, removable: true }]);
  // The new key alone opens all of it.
  const alone = vaultsWith(two ?? '');
  expect((await mails()).every(({ id, ...rest }) => alone.open({ id, ...rest }) === id)).toBe(true);
});
