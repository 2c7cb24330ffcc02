import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import type { Line } from '../../../src/cli/doctor/finding.js';
import { revertLastMigration } from '../../../src/database/migrate.js';
import { runCommand } from '../../support/run-command.js';
import {
  asAdmin,
  openEmptyDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';
import { temporaryFolder } from '../../support/temporary-server.js';

const rootKey = randomBytes(32).toString('base64');
const ANY_SENTENCE = /^[^\n{}]+$/;

const gateway = (url: string, line: string) =>
  runCommand(line.split(' '), {
    GATEWAY_REGIONS: 'eu',
    GATEWAY_DATABASE_URL_EU: url,
    GATEWAY_ROOT_KEY_EU: rootKey,
  });

const nameOf = ({ url }: TestDatabase): string => new URL(url).pathname.slice(1);

describe('a command says what is with a database', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.close());

  it('that is read-only', async () => {
    await asAdmin((admin) =>
      admin.query(`alter database ${nameOf(database)} set default_transaction_read_only = on`),
    );
    const { code, stderr } = await gateway(database.url, 'account create --email a@example.com');
    expect([code, stderr]).toEqual([1, expect.stringMatching(ANY_SENTENCE)]);
    expect(stderr).toMatch(/^The database is read-only, as a standby is: cannot execute /);
  });

  it('that has no connection left, as the doctor does', async () => {
    await asAdmin((admin) => admin.query(`alter database ${nameOf(database)} connection limit 0`));
    const { code, stderr } = await gateway(database.url, 'account list');
    expect([code, stderr]).toEqual([1, expect.stringMatching(ANY_SENTENCE)]);
    expect(stderr).toMatch(/^The database has no connection left: too many connections /);
    const { stdout } = await gateway(database.url, 'doctor --json');
    const line = (JSON.parse(stdout) as Line[]).find(({ check }) => check === 'database');
    expect(line).toMatchObject({ verdict: 'bad', action: expect.stringMatching(/connections/) });
  });

  it.each(['backup', 'export'])('of which another session holds a table, for %s', async (word) => {
    await database.dataSource.transaction(async (manager) => {
      await manager.query('lock table account_activity, api_tokens');
      const path = join(temporaryFolder(), word);
      const { code, stderr } = await gateway(database.url, `${word} --to ${path}`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(ANY_SENTENCE)]);
      expect(stderr).toMatch(/another session holds a table that this needs/);
      expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
    });
  });

  it('whose schema is older than rekey needs', async () => {
    await revertLastMigration(database.dataSource);
    expect(await gateway(database.url, 'rekey')).toEqual({
      code: 1,
      stdout: '',
      stderr: `The database of eu lacks migrations of this version, the first is ${MIGRATIONS.at(-1)?.name}: run gateway migrate first.`,
    });
  });
});

describe('a database of another program', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openEmptyDatabase();
  });
  afterEach(() => database.close());

  it.each([
    ['accounts', 'create table accounts (id int)'],
    ['schema_migrations', 'create table schema_migrations (version bigint, dirty boolean)'],
  ])('that has %s gets no table', async (name, statement) => {
    await database.dataSource.query(statement);
    const { code, stdout, stderr } = await gateway(database.url, 'migrate');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `GATEWAY_DATABASE_URL_EU: the database has tables of another program (${name}): give the region one of its own`,
    });
    expect((await gateway(database.url, 'account list')).stderr).toMatch(ANY_SENTENCE);
    const tables = await database.dataSource.query<object[]>(
      `select from pg_tables where schemaname = 'public'`,
    );
    expect(tables).toHaveLength(1);
  });

  it('is no first start that was killed', async () => {
    await database.dataSource.query(
      'create table schema_migrations (id serial, timestamp bigint, name varchar)',
    );
    expect(await gateway(database.url, 'migrate')).toMatchObject({ code: 0 });
  });
});

it('a command over several regions says which one fails', async () => {
  const other = await openTestDatabase();
  const missing = new URL(other.url);
  missing.pathname = '/missing';
  const outcome = await runCommand(['migrate'], {
    GATEWAY_REGIONS: 'us,eu',
    GATEWAY_DATABASE_URL_US: other.url,
    GATEWAY_ROOT_KEY_US: randomBytes(32).toString('base64'),
    GATEWAY_DATABASE_URL_EU: missing.href,
    GATEWAY_ROOT_KEY_EU: rootKey,
  });
  expect(outcome).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^eu: The database refuses the connection: /),
  });
  await other.close();
});
