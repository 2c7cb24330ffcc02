import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { OPERATOR } from '../../../src/accounts/tokens/tokens.service.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { appliedMigrations, migrateDatabaseTo } from '../../../src/database/migrate.js';
import { Statements } from '../../../src/database/statements.js';
import { BACKED_TABLES, LEFT_OUT } from '../../../src/region/backup/backed-tables.js';
import { verifyRootKeys } from '../../../src/region/root-key-check.js';
import type { Region } from '../../../src/config/region.js';
import { accountsIn, tokensIn } from '../../support/accounts-in.js';
import { itUnless } from '../../support/requires.js';
import { runCommand } from '../../support/run-command.js';
import { noSmallDisk, SmallDisk } from '../../support/small-disk.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { temporaryFolder } from '../../support/temporary-server.js';
import { accountOf, anonymous, conceal, gone, openRoom, ROOT_KEY } from '../secrets/support.js';

const rootKey = `1:${ROOT_KEY.bytes.toString('base64')}`;
const folder = temporaryFolder();
let count = 0;
const aPath = (): string => join(folder, `backup-${(count += 1)}`);

let source: TestDatabase;
let path: string;
let keys: Record<'opened' | 'unread' | 'later', { secretKey: string; metadataKey: string }>;
let token: string;

const gateway = (url: string, words: string[], changes: Record<string, string> = {}) =>
  runCommand(words, {
    GATEWAY_REGIONS: 'eu,us',
    GATEWAY_SERVE_REGIONS: 'eu',
    GATEWAY_DATABASE_URL_EU: url,
    GATEWAY_ROOT_KEY_EU: rootKey,
    ...changes,
  });
const sql = <Row>({ dataSource }: Pick<TestDatabase, 'dataSource'>, text: string): Promise<Row[]> =>
  dataSource.query<Row[]>(text);

/** A migrated database that nothing is connected to. */
async function anEmptyDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  await database.dataSource.destroy();
  return database;
}

async function reconnect({ url }: TestDatabase): Promise<TestDatabase> {
  const dataSource = await connectDatabase(url);
  return {
    url,
    dataSource,
    statements: new Statements(dataSource),
    close: () => dataSource.destroy(),
  };
}

const restore = (database: TestDatabase, from = path, changes: Record<string, string> = {}) =>
  gateway(database.url, ['restore', '--from', from], changes);

beforeAll(async () => {
  source = await openTestDatabase();
  await verifyRootKeys({ region: 'eu' as Region, rootKeys: [ROOT_KEY] }, source.dataSource);
  const accounts = accountsIn(source);
  const made = await accounts.create('ann@example.com', 'identity_plus', COMMAND_LINE);
  token = made.token;
  const { account } = made;
  const tokens = tokensIn(source);
  for (const name of ['one', 'two', 'three']) {
    const request = { name, scopes: ['read' as const], expiresInSeconds: null };
    const { token: first } = await tokens.create(account.id, request, OPERATOR);
    for (let turn = 0; turn < 3; turn += 1) {
      const id = await tokens.idOf(account.id, name);
      await tokens.rotate(account.id, id, { overlapSeconds: 1000 }, OPERATOR);
    }
    expect(first.name).toBe(name);
  }
  await sql(
    source,
    `insert into domain_events (hostname, axis, type, detail)
     select 'ä.test', 'ownership', 'claimed', jsonb_build_object('n', n, 'text', E'line\\none\\t"\\u2028\\u2029\\u0085\\u000b\\\\u2028') from generate_series(1, 1300) as n`,
  );
  // A pair whose second name comes long before its main one.
  await sql(
    source,
    `insert into domains (id, extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label, challenge_label, challenge_value)
     select lpad(to_hex(n), 32, '0')::uuid, 'cdpair' || n, (select id from accounts limit 1), n || '.pair.test', n || '.pair.test',
       'pair.test', false, 'pair' || n, 'c' || n, 'v' from generate_series(1, 1001) n`,
  );
  await sql(
    source,
    `update domains set main_id = (select id from domains where extid = 'cdpair1001'), delegation = 'ready', delegated_at = now()
     where extid = 'cdpair1'`,
  );
  await sql(
    source,
    `insert into certificates (id, hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
     select gen_random_uuid(), n || '.test', 1, 'acme', E'A\\n' || (select string_agg(md5(n || '-' || m), '') from generate_series(1, 50) m),
       '\\x00ff', 1, n::text, now(), now() + interval '1 day' from generate_series(1, 1000) n`,
  );
  await sql(
    source,
    `insert into admin_keys (id, name, secret_hash, scopes, expires_at) values ('k', 'k', decode(repeat('00', 32), 'hex'), '{read}', now() + interval '1 day')`,
  );
  const room = openRoom(source);
  const caller = { ...anonymous, account: accountOf(account.id) };
  keys = {
    opened: await conceal(room, { value: 'canary one' }, caller),
    unread: await conceal(room, { value: 'canary two' }, caller),
    later: await conceal(room, { value: 'canary three' }),
  };
  await room.secrets.reveal(anonymous, keys.opened.secretKey, null);
  path = aPath();
  const { code, stdout, stderr } = await gateway(source.url, ['backup', '--to', path]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^Wrote .*, and read it back\.\nregion eu, taken at .*\nrows: .*domain_events 1300/,
  );
  // After the backup.
  await room.secrets.reveal(anonymous, keys.later.secretKey, null);
});
afterAll(() => source.close());

describe('the tables', () => {
  it('are each in a backup or left out with a reason', async () => {
    const found = await sql<{ name: string }>(
      source,
      `select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
       where nspname = 'public' and relkind in ('r', 'p') and not relispartition order by 1`,
    );
    const known = [...BACKED_TABLES.map(({ table }) => table), ...Object.keys(LEFT_OUT)];
    expect(found.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });
});

describe('a backup', () => {
  it('is only for its owner, and has no ciphertext, no sealed key of a link and no key in clear', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = gunzipSync(readFileSync(path)).toString();
    const sealed = await sql<{ hex: string }>(
      source,
      `select encode(ciphertext, 'hex') as hex from secrets
       union all select encode(sealed_secret_key, 'hex') from receipts where sealed_secret_key is not null`,
    );
    expect(sealed.length).toBeGreaterThan(1);
    for (const { hex } of sealed) expect(text).not.toContain(hex);
    const clear = [
      'canary one',
      'canary two',
      'canary three',
      token,
      ROOT_KEY.bytes.toString('base64'),
      ...Object.values(keys).flatMap((each) => Object.values(each)),
    ];
    for (const word of clear) expect(text).not.toContain(word);
  });

  it('is never written over another file', async () => {
    const { code, stderr } = await gateway(source.url, ['backup', '--to', path]);
    expect([code, stderr]).toEqual([1, `${path} exists already.`]);
  });

  it.each(['backup --to FILE', 'export --to FILE', 'account list', 'shred --everything --yes'])(
    'is, like %s, refused for a database of another root key',
    async (line) => {
      const other = aPath();
      const words = [...line.replace('FILE', other).split(' '), '--region', 'eu'];
      const another = { GATEWAY_ROOT_KEY_EU: `1:${randomBytes(32).toString('base64')}` };
      expect(await gateway(source.url, words, another)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(
          /^GATEWAY_ROOT_KEY_EU: version 1 is another key [^\n]+ of eu$/,
        ),
      });
      expect(existsSync(other)).toBe(false);
    },
  );

  it('leaves no file when it fails', async () => {
    const other = aPath();
    const { code } = await gateway(`${source.url}x`, ['backup', '--to', other]);
    expect([code, existsSync(other), existsSync(`${other}.part`)]).toEqual([1, false, false]);
  });

  it('says in one sentence why its file cannot be opened', async () => {
    const other = join(folder, 'missing', 'backup');
    expect(await gateway(source.url, ['backup', '--to', other])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^\S+missing\/backup cannot be written: ENOENT: [^\n]+$/),
    });
    expect(await gateway('postgres://unused/x', ['restore', '--from', folder])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^\S+ is no file, such as a pipe: [^\n]+$/),
    });
    for (const words of [['restore'], ['restore', '--check']])
      expect(await gateway('postgres://unused/x', [...words, '--from', other])).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^\S+missing\/backup cannot be read: ENOENT: [^\n]+$/),
      });
  });

  itUnless(noSmallDisk, 'ends when the disk is full, without a file', async () => {
    const disk = SmallDisk.mount(1);
    try {
      disk.fill(3);
      const other = join(disk.path, 'backup');
      expect(await gateway(source.url, ['backup', '--to', other])).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^\S+backup cannot be written: ENOSPC: [^\n]+$/),
      });
      expect([existsSync(other), existsSync(`${other}.part`)]).toEqual([false, false]);
    } finally {
      disk.unmount();
    }
  });

  it('can leave out the receipts', async () => {
    const other = aPath();
    await gateway(source.url, ['backup', '--to', other, '--no-receipts']);
    const { stdout } = await gateway('postgres://unused/x', [
      'restore',
      '--from',
      other,
      '--check',
      '--json',
    ]);
    const { tables, left_out } = JSON.parse(stdout) as { tables: object; left_out: string[] };
    expect(tables).not.toHaveProperty('receipts');
    expect(left_out).toContain('receipts');
  });
});

describe('a restore', () => {
  it('brings back accounts, tokens and receipts, and no secret: neither opened, nor unread, nor opened since', async () => {
    const target = await anEmptyDatabase();
    const { code, stderr, stdout } = await restore(target);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Restored eu as it was at .*\nNo secret of before can be opened/);
    const restored = await reconnect(target);
    const pair = `select s.target_label, s.delegation, s.delegated_at, m.extid as main
      from domains s join domains m on m.id = s.main_id where s.extid = 'cdpair1'`;
    const [second] = await sql<object>(source, pair);
    expect(second).toMatchObject({ delegation: 'ready', main: 'cdpair1001' });
    expect(await sql(restored, pair)).toEqual([second]);
    expect(await accountsIn(restored).authenticate('ann@example.com', token)).not.toBeNull();
    const room = openRoom(restored);
    for (const { secretKey } of Object.values(keys))
      await expect(room.secrets.reveal(anonymous, secretKey, null)).rejects.toEqual(gone);
    const stateOf = async (name: keyof typeof keys) => {
      const { state, secretKey } = await room.receipts.show(anonymous, keys[name].metadataKey, {
        markViewed: true,
      });
      return [state, secretKey];
    };
    expect(await stateOf('opened')).toEqual(['received', null]);
    expect(await stateOf('unread')).toEqual(['orphaned', null]);
    expect(await stateOf('later')).toEqual(['orphaned', null]);
    expect(await sql(restored, 'select from admin_keys')).toEqual([]);
    const texts = "select distinct detail->>'text' as text from domain_events";
    expect(await sql(restored, texts)).toEqual(await sql(source, texts));
    // Identities go on where they were.
    const [next] = await sql<{ id: string }>(
      restored,
      `insert into domain_events (hostname, axis, type, detail) values ('x', 'ownership', 'claimed', '{}') returning id`,
    );
    expect(Number(next?.id)).toBe(1301);
    const fresh = await conceal(room, { value: 'after' });
    expect((await room.secrets.reveal(anonymous, fresh.secretKey, null)).value).toBe('after');
    await restored.close();
    await target.close();
  });

  it('makes the embedded database of a new data dir, for a whole backup', async () => {
    const dataDir = join(folder, 'embedded');
    mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDir, 'keys/root-eu.key'), `${rootKey}\n`, { mode: 0o600 });
    const there = {
      GATEWAY_REGIONS: 'eu,us',
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATA_DIR: dataDir,
    };
    const cut = aPath();
    writeFileSync(cut, readFileSync(path).subarray(0, -100));
    expect((await runCommand(['restore', '--from', cut], there)).code).toBe(1);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    expect(await runCommand(['restore', '--from', path], there)).toMatchObject({
      code: 0,
      stderr: '',
    });
    const { stdout } = await runCommand(['account', 'list'], there);
    expect(stdout).toContain('ann@example.com');
  });

  it('of a restored region gives the same manifest', async () => {
    const target = await anEmptyDatabase();
    await restore(target);
    const again = aPath();
    await gateway(target.url, ['backup', '--to', again]);
    const tables = async (file: string): Promise<unknown> => {
      const { stdout } = await gateway('postgres://unused/x', [
        'restore',
        '--from',
        file,
        '--check',
        '--json',
      ]);
      return (JSON.parse(stdout) as { tables: unknown }).tables;
    };
    expect(await tables(again)).toEqual(await tables(path));
    await target.close();
  });

  it('never touches a database that has rows or that somebody uses', async () => {
    const target = await openTestDatabase();
    expect((await restore(target)).stderr).toMatch(/A gateway or a command uses the database/);
    await accountsIn(target).create('bob@example.com', 'basic', COMMAND_LINE);
    await target.dataSource.destroy();
    expect(await restore(target)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The database has rows in accounts: give an empty one.',
    });
    await target.close();
  });

  it('refuses another region and another root key, and changes nothing', async () => {
    const target = await anEmptyDatabase();
    const asUs = {
      GATEWAY_SERVE_REGIONS: 'us',
      GATEWAY_DATABASE_URL_US: target.url,
      GATEWAY_ROOT_KEY_US: rootKey,
    };
    expect((await restore(target, path, asUs)).stderr).toMatch(/^The backup is of region eu/);
    const key = randomBytes(32).toString('base64');
    for (const wrong of [`1:${key}`, `2:${key}`]) {
      const { code, stderr } = await restore(target, path, { GATEWAY_ROOT_KEY_EU: wrong });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^The backup needs the root key of version 1 /),
      ]);
    }
    const check = await reconnect(target);
    expect(await sql(check, 'select from accounts')).toEqual([]);
    await check.close();
    await target.close();
  });

  it('refuses a file that was cut, damaged or changed', async () => {
    const target = await anEmptyDatabase();
    const bytes = readFileSync(path);
    const text = gunzipSync(bytes).toString();
    const lines = text.trimEnd().split('\n');
    const flipped = Buffer.from(bytes);
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
    const faults: Record<string, Buffer> = {
      cut: bytes.subarray(0, bytes.length - 100),
      flipped,
      'not compressed': Buffer.from(text),
      'without the manifest': gzipSync(lines.slice(0, -1).join('\n')),
      'with another address': gzipSync(text.replace('ann@example.com', 'eve@example.com')),
      'with a row after the manifest': gzipSync(`${text}{"id":1}\n`),
      'with a table after the manifest': gzipSync(`${text}# {"table":"accounts"}\n`),
      'with another backup after it': Buffer.concat([bytes, bytes]),
      'without its last bytes': bytes.subarray(0, -4),
      'without a row': gzipSync(lines.filter((line) => !line.includes('"n": 700')).join('\n')),
      'with another region': gzipSync(text.replace('"region":"eu"', '"region":"us"')),
      empty: Buffer.alloc(0),
    };
    for (const [name, content] of Object.entries(faults)) {
      const file = aPath();
      writeFileSync(file, content);
      for (const words of [[], ['--check']]) {
        const from = ['restore', '--from', file, ...words];
        const { code, stderr } = await gateway(target.url, from);
        expect([name, code, stderr]).toEqual([
          name,
          1,
          expect.stringMatching(/is no whole backup: /),
        ]);
      }
    }
    const copy = aPath();
    copyFileSync(path, copy);
    expect((await restore(target, copy)).code).toBe(0);
    await target.close();
  });

  it('of an older schema ends with the schema of this version', async () => {
    const older = await openTestDatabase();
    const names = MIGRATIONS.map(({ name }) => name).slice(0, -1);
    await sql(older, 'drop schema public cascade');
    await sql(older, 'create schema public');
    await migrateDatabaseTo(older.dataSource, names);
    await older.dataSource.destroy();
    const file = aPath();
    expect((await gateway(older.url, ['backup', '--to', file])).code).toBe(0);
    const target = await openTestDatabase();
    await sql(target, 'drop schema public cascade');
    await sql(target, 'create schema public');
    await target.dataSource.destroy();
    expect((await restore(target, file)).stderr).toBe('');
    const restored = await reconnect(target);
    expect(await appliedMigrations(restored.dataSource)).toHaveLength(MIGRATIONS.length);
    await restored.close();
    await Promise.all([older.close(), target.close()]);
  });
});
