import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ActivityStore } from '../../../src/accounts/activity/activity.store.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import type { AccountsService } from '../../../src/accounts/accounts.service.js';
import { readConfig } from '../../../src/config/config.js';
import { openDatabases } from '../../../src/database/embedded/open-databases.js';
import { ClosedAccountsJob } from '../../../src/secrets/closed-accounts.job.js';
import { ReceiptStore } from '../../../src/secrets/receipt.store.js';
import { accountsIn } from '../../support/accounts-in.js';
import { concealFor } from '../../support/conceal-for.js';
import {
  openEmptyDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Record<string, string>;

describe("the operator's command line", () => {
  let database: TestDatabase;
  let accounts: AccountsService;
  let folder: string;
  let oneRegion: Environment;

  beforeAll(async () => {
    database = await openTestDatabase();
    accounts = accountsIn(database);
    folder = await mkdtemp(join(tmpdir(), 'onetime-cli-'));
    oneRegion = {
      GATEWAY_DATA_DIR: join(folder, 'external'),
      GATEWAY_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: database.url,
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
    };
  });

  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const gateway = (...words: string[]): Promise<Outcome> => run(words, oneRegion);

  it('creates an account and prints one line of JSON in the exact format that other programs read', async () => {
    const { code, stdout } = await gateway(
      ...'account create --region eu --email Ann@example.com --plan identity_plus --json'.split(
        ' ',
      ),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\{"email":"Ann@example\.com","token":"[0-9a-f]{40}","plan":"identity_plus","region":"eu"\}\n$/,
    );
    const { token } = JSON.parse(stdout) as { token: string };
    expect(await accounts.authenticate('ann@example.com', token)).not.toBeNull();
  });

  it('refuses a second account for an address with one sentence and code 1', async () => {
    await gateway('account', 'create', '--email', 'twice@example.com');
    expect(await gateway('account', 'create', '--email', 'Twice@example.com', '--json')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is already an account for Twice@example.com.\n',
    });
  });

  it('shows an account as text and as JSON, without a token or its hash', async () => {
    const created = await gateway('account', 'create', '--email', 'show@example.com');
    expect(created.stdout).toMatch(/^email +show@example\.com\ntoken +[0-9a-f]{40}\nplan +basic\n/);
    const token = /[0-9a-f]{40}/.exec(created.stdout)?.[0] ?? '';

    const shown = await gateway('account', 'show', '--email', 'SHOW@example.com');
    expect(shown.stdout).toMatch(/^email +show@example\.com\nplan +basic\nstate +active\n/);
    const json = await gateway('account', 'show', '--email', 'show@example.com', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      email: 'show@example.com',
      state: 'active',
      region: 'eu',
      tokens: [{ expires_at: null }],
    });
    const listed = await gateway('account', 'list');
    expect(listed.stdout).toMatch(/^show@example\.com +basic +active +20/m);
    expect(shown.stdout + json.stdout + listed.stdout).not.toMatch(/[0-9a-f]{40}/);
    expect(token).toHaveLength(40);
  });

  it('changes the plan, suspends, resumes, rotates and removes', async () => {
    const { token } = await accounts.create('life@example.com', 'basic');
    const email = ['--email', 'life@example.com'];
    const one = (...words: string[]) => gateway('account', ...words, ...email);
    const signsIn = async (candidate: string) =>
      (await accounts.authenticate('life@example.com', candidate)) !== null;

    expect((await one('plan', '--plan', 'identity_plus')).stdout).toMatch(/plan +identity_plus/);
    expect((await one('language', '--language', 'de')).stdout).toMatch(/language +de/);
    expect((await one('show')).stdout).toMatch(/language +de/);
    expect((await one('language', '--language', 'default')).stdout).toMatch(/language +default/);
    expect((await one('suspend')).stdout).toMatch(/state +suspended/);
    expect(await signsIn(token)).toBe(false);
    expect((await one('resume')).stdout).toMatch(/state +active/);
    expect(await signsIn(token)).toBe(true);

    const rotated = await one('token', 'rotate', '--overlap', '600', '--json');
    const { token: second } = JSON.parse(rotated.stdout) as { token: string };
    expect([await signsIn(token), await signsIn(second)]).toEqual([true, true]);
    await one('token', 'rotate');
    expect([await signsIn(token), await signsIn(second)]).toEqual([false, false]);

    const removed = await one('remove', '--json');
    expect(removed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(removed.stdout)).toEqual({
      email: 'life@example.com',
      region: 'eu',
      removed: true,
    });
    const closing = await one('show', '--json');
    expect(JSON.parse(closing.stdout)).toMatchObject({ state: 'closing' });
  });

  it('lists, creates, rotates and revokes tokens by name, and writes it into the activity', async () => {
    const { account } = await accounts.create('tokens@example.com', 'basic');
    const one = (...words: string[]) =>
      gateway('account', 'token', ...words, '--email', 'tokens@example.com');
    const scopesOf = async (token: unknown) =>
      (await accounts.authenticate('tokens@example.com', String(token)))?.token.scopes;

    const words = ['create', '--name', 'ci', '--scopes', 'create,read', '--expires-in', '600'];
    const made = JSON.parse((await one(...words, '--json')).stdout) as Record<string, unknown>;
    expect(made).toMatchObject({ name: 'ci', scopes: ['read', 'create'], region: 'eu' });
    expect(await scopesOf(made['token'])).toEqual(['read', 'create']);
    expect(await one(...words)).toMatchObject({
      code: 1,
      stderr: 'The account has a token named ci.\n',
    });
    const rotated = await one('rotate', '--name', 'CI', '--overlap', '60', '--json');
    const { token } = JSON.parse(rotated.stdout) as { token: string };
    expect(await scopesOf(token)).toEqual(['read', 'create']);
    const listed = await one('list');
    expect(listed.stdout).toMatch(
      /^default +read,create,domains,account +valid until it is rotated/m,
    );
    expect(listed.stdout).toMatch(/^ci +read,create +replaced, valid until 20/m);
    expect(listed.stdout).not.toContain(token);

    expect((await one('revoke', '--name', 'ci')).stdout).toMatch(
      /^Revoked the token ci of tokens@/,
    );
    expect([await scopesOf(token), await scopesOf(made['token'])]).toEqual([undefined, undefined]);
    expect(await one('revoke', '--name', 'ci')).toMatchObject({
      code: 1,
      stderr: 'The account has no token named ci.\n',
    });
    const { entries } = await new ActivityStore(database.dataSource).page(account.id, {
      limit: 3,
      cursor: null,
    });
    expect(entries.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      'token.revoked operator',
      'token.rotated operator',
      'token.created operator',
    ]);
  });

  it('burns the unread secrets of an account when it removes the account', async () => {
    const { account } = await accounts.create('burn@example.com', 'basic');
    await concealFor(database, account.id);
    // The state that an interrupted removal leaves.
    await accounts.suspend('burn@example.com');
    await gateway('account', 'remove', '--email', 'burn@example.com');
    const rows = await database.dataSource.query(
      `select (select count(*)::int from secrets) as secrets, state, account_id,
         sealed_secret_key, burned_at is not null as burned
       from receipts`,
    );
    expect(rows).toEqual([
      { secrets: 0, state: 'burned', account_id: null, sealed_secret_key: null, burned: true },
    ]);
  });

  it('burns what a request that was let in before adds after the removal', async () => {
    const { account } = await accounts.create('late@example.com', 'basic');
    await gateway('account', 'remove', '--email', 'late@example.com');
    const secrets = () => database.dataSource.query('select from secrets') as Promise<unknown[]>;
    await concealFor(database, account.id);
    expect(await secrets()).toHaveLength(1);
    await expect(accounts.create('late@example.com', 'basic')).rejects.toThrow();
    // The minute is over.
    await database.dataSource.query(
      'update accounts set closing_at = now() where closing_at is not null',
    );
    const closings = new ClosingStore(database.dataSource);
    await new ClosedAccountsJob(closings, new ReceiptStore(database.statements)).round();
    expect(await secrets()).toEqual([]);
    await accounts.create('late@example.com', 'basic');
  });

  it('exits with code 2 for a wrong command', async () => {
    const outcome = await gateway('account', 'list', '--nonsense');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/unknown option '--nonsense'/);
  });

  it.each([
    ['cannot be reached', 'postgres://nobody:canary@127.0.0.1:1/none', /reached: .*ECONNREFUSED/],
    ['refuses the connection', () => withPassword(database.url, 'canary'), /refuses.*password/],
  ])('prints one sentence when the database %s', async (_, url, sentence) => {
    const GATEWAY_DATABASE_URL_EU = typeof url === 'string' ? url : url();
    const outcome = await run(['account', 'list'], { ...oneRegion, GATEWAY_DATABASE_URL_EU });
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^The database .*\n$/);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome.stderr).not.toContain('canary');
  });

  it('works on an embedded database, running or not, and separates the regions', async () => {
    const embedded = { GATEWAY_DATA_DIR: join(folder, 'embedded'), GATEWAY_REGIONS: 'us,eu' };
    const create = ['account', 'create', '--email', 'ann@example.com', '--json', '--region'];
    const list = ['account', 'list', '--json', '--region'];
    const first = await openDatabases(readConfig(embedded), 'gateway');
    await first.close();
    expect(await run([...create, 'eu'], embedded)).toMatchObject({ code: 0, stderr: '' });
    expect(await run([...list, 'us'], embedded)).toEqual({ code: 0, stdout: '[]\n', stderr: '' });

    const running = await openDatabases(readConfig(embedded), 'gateway');
    try {
      const { stdout } = await run([...list, 'eu'], embedded);
      expect(JSON.parse(stdout)).toMatchObject([{ email: 'ann@example.com', region: 'eu' }]);
      expect(await run([...create, 'eu'], embedded)).toMatchObject({ code: 1, stdout: '' });
      await expectNoRegion();
    } finally {
      await running.close();
    }
    await expectNoRegion();

    async function expectNoRegion(): Promise<void> {
      const wider = { ...embedded, GATEWAY_REGIONS: 'us,eu,nz' };
      const outcome = await run([...list, 'nz'], wider);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toMatch(/^GATEWAY_DATABASE_URL_NZ: .* has no database of nz, .*\n$/);
    }
  });

  it('neither fills nor answers from an empty database', async () => {
    const empty = await openEmptyDatabase();
    try {
      const there = { ...oneRegion, GATEWAY_DATABASE_URL_EU: empty.url };
      const words = (line: string): Promise<Outcome> => run(line.split(' '), there);
      for (const command of [
        'account list',
        'domain list',
        `export --to ${folder}/accounts`,
        `backup --to ${folder}/backup`,
        'rekey',
        'shred --region eu --secrets --yes',
      ]) {
        const outcome = await words(command);
        expect([command, outcome]).toMatchObject([command, { code: 2, stdout: '' }]);
        expect(outcome.stderr).toMatch(/^GATEWAY_DATABASE_URL_EU: the database is empty: .*\n$/);
      }
      const [{ tables }] = await empty.dataSource.query<[{ tables: number }]>(
        "select count(*)::int as tables from pg_tables where schemaname = 'public'",
      );
      expect(tables).toBe(0);
    } finally {
      await empty.close();
    }
  });

  it('fails when its output cannot be written, since a token is shown once', async () => {
    const full = await open('/dev/full', 'w');
    try {
      const child = spawnSync(process.execPath, ['dist/src/cli/main.js', '--help'], {
        stdio: ['ignore', full.fd, 'pipe'],
        encoding: 'utf8',
      });
      expect([child.status, child.stderr]).toEqual([
        1,
        expect.stringMatching(/^The output was not written: ENOSPC: [^\n]+\n$/),
      ]);
    } finally {
      await full.close();
    }
  });

  it('migrates the database', async () => {
    expect(await gateway('migrate')).toMatchObject({ code: 0, stderr: '' });
  });
});

async function run(words: readonly string[], variables: Environment): Promise<Outcome> {
  const child = spawn(process.execPath, ['dist/src/cli/main.js', ...words], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

function withPassword(url: string, password: string): string {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
}
