import { randomBytes } from 'node:crypto';
import { LAST_RELEASE } from '../../../migrations/last-release.js';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import type { Region } from '../../../src/config/region.js';
import type { RootKey, RootKeys } from '../../../src/config/root-key.js';
import { migrateDatabaseTo } from '../../../src/database/migrate.js';
import {
  checkValueOf,
  differentRootKeys,
  verifyRootKeys,
} from '../../../src/region/root-key-check.js';
import {
  openEmptyDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';

const EU = 'eu' as Region;
const newKey = (version: number): RootKey => ({ version, bytes: randomBytes(32) });
const [one, two] = [newKey(1), newKey(2)];

describe(verifyRootKeys.name, () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.close());

  const verify = (...rootKeys: RootKey[]): Promise<void> =>
    verifyRootKeys({ region: EU, rootKeys: rootKeys as unknown as RootKeys }, database.dataSource);
  const sql = (text: string, values: unknown[] = []): Promise<unknown> =>
    database.dataSource.query(text, values);
  const storeAccount = (keyVersion: number): Promise<unknown> =>
    sql(
      `insert into acme_accounts (ca, directory_url, sealed_key, key_version)
       values ('ca', 'https://ca.example', '\\x00', $1)`,
      [keyVersion],
    );
  const storeSecret = (keyVersion: number, expires: string): Promise<unknown> =>
    sql(
      `insert into secrets (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
       values ($1, current_date, ${expires}, '\\x00', current_date, $2, '\\x00')`,
      [randomBytes(16), keyVersion],
    );
  const refusal = (version: number, text: RegExp) => ({
    problems: [
      {
        variable: 'GATEWAY_ROOT_KEY_EU',
        message: expect.stringMatching(new RegExp(`version ${version} .*${text.source}.* eu `)),
      },
    ],
  });

  it('accepts the keys that the database was written with, at every start', async () => {
    await verify(one);
    await verify(one);
    await verify(two, one);
    await verify(one, two);
  });

  it('refuses another key of the same version, whether it is current or not', async () => {
    await verify(two, one);
    await expect(verify(newKey(2), one)).rejects.toMatchObject(refusal(2, /another key/));
    await expect(verify(two, newKey(1))).rejects.toMatchObject(refusal(1, /another key/));
    await verify(two, one);
  });

  it('writes nothing when it refuses: a wrong key does not become the right one', async () => {
    await verify(one);
    await storeAccount(1);
    await expect(verify(newKey(2))).rejects.toMatchObject(refusal(1, /not configured/));
    await expect(verify(newKey(2), newKey(1))).rejects.toMatchObject(refusal(1, /another key/));
    await verify(two, one);
  });

  it('refuses one of two processes that start for the first time with different keys', async () => {
    const results = await Promise.allSettled([verify(newKey(1)), verify(newKey(1))]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['an account at a CA', () => storeAccount(1)],
    ['an unread secret', () => storeSecret(1, "now() + interval '1 hour'")],
  ])('refuses a start without the version that %s needs', async (_, store) => {
    await verify(one);
    await store();
    await expect(verify(two)).rejects.toMatchObject(refusal(1, /not configured/));
    await verify(two, one);
  });

  it('does not ask for a version that nothing needs any more, and searches for it once', async () => {
    await verify(one);
    await storeSecret(1, "now() - interval '1 second'");
    await verify(two);
    await expect(sql('select version, is_in_use from root_key_checks order by 1')).resolves.toEqual(
      [
        { version: 1, is_in_use: false },
        { version: 2, is_in_use: true },
      ],
    );
    // Taken into use again, it is asked for again.
    await verify(one, two);
    await storeAccount(1);
    await expect(verify(two)).rejects.toMatchObject(refusal(1, /not configured/));
  });

  it('asks for the versions that were in use before there were check values', async () => {
    await sql('insert into root_key_checks (version) values (1)');
    await storeAccount(1);
    await expect(verify(two)).rejects.toMatchObject(refusal(1, /not configured/));
    await verify(two, one);
    await expect(verify(two, newKey(1))).rejects.toMatchObject(refusal(1, /another key/));
  });

  it('can start on a database that takes no writes', async () => {
    await verify(one);
    await sql('set default_transaction_read_only = on');
    await verify(one);
  });

  it('has a value of its own for each key, version and region', () => {
    const values = [
      checkValueOf(one, EU),
      checkValueOf(two, EU),
      checkValueOf({ ...one, version: 2 }, EU),
      checkValueOf(one, 'us' as Region),
    ].map((value) => value.toString('hex'));
    expect(new Set(values).size).toBe(values.length);
    expect(values[0]).not.toContain(one.bytes.toString('hex'));
  });
});

describe(differentRootKeys.name, () => {
  const names = MIGRATIONS.map(({ name }) => name);
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openEmptyDatabase();
  });
  afterEach(() => database.close());

  const different = (...rootKeys: RootKey[]): Promise<number[]> =>
    differentRootKeys(
      { region: EU, rootKeys: rootKeys as unknown as RootKeys },
      database.dataSource,
    );

  it('finds none where a first start was killed, whatever it had made', async () => {
    for (const name of names.slice(0, 6)) {
      await migrateDatabaseTo(database.dataSource, [name]);
      expect(await different(one)).toEqual([]);
    }
  });

  it('finds the keys that are others on the schema of the last release', async () => {
    const before = names.slice(0, names.indexOf(LAST_RELEASE.lastMigration) + 1);
    await migrateDatabaseTo(database.dataSource, before);
    await database.dataSource.query(
      'insert into root_key_checks (version, check_value) values (1, $1)',
      [checkValueOf(one, EU)],
    );
    expect(await different(two, one)).toEqual([]);
    expect(await different(two, newKey(1))).toEqual([1]);
  });
});
