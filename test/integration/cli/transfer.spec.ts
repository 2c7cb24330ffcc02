import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { externalIdOf } from '../../../src/accounts/external-id.js';
import { accountsIn } from '../../support/accounts-in.js';
import { itUnless } from '../../support/requires.js';
import { runCommand } from '../../support/run-command.js';
import { noSmallDisk, SmallDisk } from '../../support/small-disk.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { temporaryFolder } from '../../support/temporary-server.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { DomainClaims } from '../../../src/domains/claims/domain-claims.js';
import { settings } from '../domains/support.js';
import { aProvenDomain } from '../certificates/issuance-room.js';

const folder = temporaryFolder();
let count = 0;
const aPath = (): string => join(folder, `export-${(count += 1)}`);

let eu: TestDatabase;
let us: TestDatabase;
let path: string;
let token: string;
let annId: string;

const run = (region: 'eu' | 'us', ...words: string[]) => runIn(eu, region, ...words);
const runIn = ({ url }: TestDatabase, region: 'eu' | 'us', ...words: string[]) =>
  runCommand([...words, '--region', region], {
    GATEWAY_DATABASE_URL_EU: url,
    GATEWAY_DATABASE_URL_US: us.url,
    GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
    GATEWAY_ROOT_KEY_US: randomBytes(32).toString('base64'),
  });
const sql = <Row>(
  { dataSource }: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> => dataSource.query<Row[]>(text, values);

beforeAll(async () => {
  [eu, us] = await Promise.all([openTestDatabase(), openTestDatabase()]);
  const accounts = accountsIn(eu);
  const made = await accounts.create('Ann@example.com', 'identity_plus', COMMAND_LINE, 'de');
  token = made.token;
  annId = made.account.id;
  const { account: bob } = await accounts.create('bob@example.com', 'basic', COMMAND_LINE);
  await accounts.suspend('bob@example.com');
  const { account: eve } = await accounts.create('eve@example.com', 'basic', COMMAND_LINE);
  for (const id of [annId, bob.id, eve.id])
    await sql(
      eu,
      `insert into account_passwords (account_id, hash, salt, memory, passes, parallelism)
       values ($1, decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 16), 'hex'), 19456, 2, 1)`,
      [id],
    );
  await sql(
    eu,
    `insert into second_factors (account_id, sealed_secret, key_version, confirmed_at) values ($1, '\\x01', 1, now())`,
    [eve.id],
  );
  await aProvenDomain(eu, requireHostname('secrets.ann.test'));
  await sql(
    eu,
    `update domains set account_id = $1, homepage_enabled = true, policy = '{"isPassphraseRequired": true}',
       look = '{"brand": {"product_name": "Ann Vault"}}' where hostname = 'secrets.ann.test'`,
    [annId],
  );
  path = aPath();
  const { code, stderr, stdout } = await run('eu', 'export', '--to', path);
  expect([code, stderr, stdout]).toEqual([0, '', `Wrote 3 accounts of eu to ${path}.`]);
});
afterAll(() => Promise.all([eu.close(), us.close()]));

describe('gateway export', () => {
  it('writes hashes only, to a file of its owner, and never over another', async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(token);
    expect((await run('eu', 'export', '--to', path)).stderr).toBe(`${path} exists already.`);
  });

  it('says in one sentence why its file cannot be opened', async () => {
    const { code, stderr } = await run('eu', 'export', '--to', join(folder, 'missing', 'export'));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^\S+missing\/export cannot be written: ENOENT: [^\n]+$/),
    ]);
  });

  itUnless(noSmallDisk, 'ends when the disk is full, without a file', async () => {
    const disk = SmallDisk.mount(1);
    try {
      // The first block takes a part of a line.
      disk.fill(1);
      const other = join(disk.path, 'export');
      await sql(
        eu,
        `update domains set look = jsonb_build_object('brand', jsonb_build_object('x', repeat('x', 5000)))
        where hostname = 'secrets.ann.test'`,
      );
      const { code, stderr } = await run('eu', 'export', '--to', other);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/^\S+export cannot be written: ENOSPC: [^\n]+$/),
      ]);
      expect([existsSync(other), existsSync(`${other}.part`)]).toEqual([false, false]);
    } finally {
      disk.unmount();
    }
  });

  it('writes no file without accounts for one that is being removed', async () => {
    const file = aPath();
    await sql(eu, `update accounts set state = 'closing' where email_key = 'eve@example.com'`);
    const { code, stderr } = await run(
      'eu',
      'export',
      '--to',
      file,
      '--account',
      'eve@example.com',
    );
    await sql(eu, `update accounts set state = 'active' where email_key = 'eve@example.com'`);
    expect([code, stderr]).toEqual([1, 'The account is being removed.']);
    expect(existsSync(file)).toBe(false);
  });

  it('writes one account by its id', async () => {
    const one = aPath();
    await run('eu', 'export', '--to', one, '--account', externalIdOf(annId as never));
    expect(readFileSync(one, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('gateway import', () => {
  it('brings accounts to another region: tokens sign in, domains wait for their records there', async () => {
    const { code, stderr, stdout } = await run('us', 'import', '--from', path);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      'Created 3 accounts in us, 0 were there already; 1 domains wait for their records.',
    );
    const signedIn = await accountsIn(us).authenticate('ann@example.com', token);
    expect(signedIn?.account).toMatchObject({ id: annId, plan: 'identity_plus' });
    const [domain] = await sql<{ label: string }>(
      us,
      `select ownership, homepage_enabled as open, policy, look->'brand' as brand, target_label as label from domains`,
    );
    expect(domain).toMatchObject({
      ownership: 'pending',
      open: true,
      policy: { isPassphraseRequired: true },
      brand: { product_name: 'Ann Vault' },
    });
    const [before] = await sql<{ label: string }>(eu, 'select target_label as label from domains');
    expect(domain?.label).not.toBe(before?.label);
  });

  it('keeps states and languages, and leaves out a password that a second factor guarded', async () => {
    const rows = await sql(
      us,
      `select email, state, language, p.account_id is not null as "hasPassword"
       from accounts a left join account_passwords p on p.account_id = a.id order by email_key`,
    );
    expect(rows).toEqual([
      { email: 'Ann@example.com', state: 'active', language: 'de', hasPassword: true },
      { email: 'bob@example.com', state: 'suspended', language: null, hasPassword: true },
      { email: 'eve@example.com', state: 'active', language: null, hasPassword: false },
    ]);
  });

  it('changes nothing when it is repeated, nor what was changed here since', async () => {
    await sql(us, 'delete from api_tokens');
    await accountsIn(us).changePlan('bob@example.com', 'identity_plus');
    const { stdout } = await run('us', 'import', '--from', path, '--json');
    expect(JSON.parse(stdout)).toEqual({
      region: 'us',
      created: 0,
      existing: 3,
      claimed: 0,
      skipped: [],
    });
    expect(await sql(us, 'select from api_tokens')).toEqual([]);
    expect(await sql(us, `select plan from accounts where email_key = 'bob@example.com'`)).toEqual([
      { plan: 'identity_plus' },
    ]);
  });

  it('goes on after it was interrupted', async () => {
    await sql(us, `delete from accounts where email_key = 'ann@example.com'`);
    const { stdout } = await run('us', 'import', '--from', path, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ created: 1, existing: 2 });
    expect(await accountsIn(us).authenticate('ann@example.com', token)).not.toBeNull();
  });

  it('refuses a file that is cut or has a wrong line, before it writes anything', async () => {
    await sql(us, 'delete from domains');
    await sql(us, 'delete from accounts');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const replaced = (before: RegExp, after: string) =>
      lines.map((line) => line.replace(before, after));
    const faults: [string[], RegExp][] = [
      [lines.slice(0, -1), /^Line 4 .*the number of accounts is missing/],
      [[...lines, ...lines.slice(-1)], /^Line 6 .*nothing follows/],
      [[...lines.slice(0, 2), ...lines.slice(3)], /^Line 4 .*expected 3 accounts, found 2/],
      [lines.map((line) => line.replace('identity_plus', 'emperor')), /^Line \d .*plan/],
      [lines.map((line) => line.replace('Ann@example.com', 'nobody')), /^Line \d .*no e-mail/],
      [lines.map((line) => line.replace(/"sha256" ?: ?"../, '"sha256":"')), /^Line \d .*sha256/],
      [replaced(/"memory" ?: ?\d+/, '"memory": 19457'), /^Line \d .*password.memory/],
      [replaced(/"memory" ?: ?\d+/, '"memory": 7'), /^Line \d .*password.memory/],
      [replaced(/"passes" ?: ?\d/, '"passes": 3'), /^Line \d .*password.passes/],
      [replaced(/"parallelism" ?: ?\d/, '"parallelism": 2'), /^Line \d .*password.parallelism/],
      [replaced(/"secrets\.ann\.test"/, '"a\\u0000.test"'), /^Line \d .*domains.0.hostname/],
      [replaced(/("created_at" ?: ?")\d{4}/, '$10000'), /^Line \d .*created_at/],
      [['{}', ...lines.slice(1)], /^Line 1 .*format/],
      [['no'], /^Line 1 .*no JSON/],
    ];
    for (const [wrong, reason] of faults) {
      const file = aPath();
      writeFileSync(file, wrong.join('\n'));
      const { code, stderr } = await run('us', 'import', '--from', file);
      expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
    }
    expect(await sql(us, 'select from accounts')).toEqual([]);
  });

  it('reads a file that is larger than a text can be, and a pipe', async () => {
    const large = aPath();
    writeFileSync(large, readFileSync(path));
    // A hole of zeros: it takes no place on the disk.
    truncateSync(large, 3 * 1024 ** 3);
    const { stderr } = await run('us', 'import', '--from', large);
    expect(stderr).toBe(`${large} has a line that no export writes.`);
    const pipe = aPath();
    execFileSync('mkfifo', [pipe]);
    const written = once(spawn('sh', ['-c', 'cat "$0" > "$1"', path, pipe]), 'exit');
    const { code, stdout } = await run('us', 'import', '--from', pipe);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Created 3 accounts in us/)]);
    await written;
    await sql(us, 'delete from domains');
    await sql(us, 'delete from accounts');
  });

  it('stores an address without spaces around it', async () => {
    const file = aPath();
    const text = readFileSync(path, 'utf8').replace('Ann@example.com', ' Ann@example.com ');
    writeFileSync(file, text);
    expect((await run('us', 'import', '--from', file)).code).toBe(0);
    expect(await sql(us, 'select email from accounts')).toContainEqual({
      email: 'Ann@example.com',
    });
  });

  it('leaves out an account that is being removed here, with its domains, and says so', async () => {
    await sql(us, 'delete from domains');
    await sql(us, `update accounts set state = 'closing' where email_key = 'ann@example.com'`);
    const { stdout } = await run('us', 'import', '--from', path, '--json');
    await sql(us, `update accounts set state = 'active' where email_key = 'ann@example.com'`);
    expect(JSON.parse(stdout)).toMatchObject({
      created: 0,
      existing: 2,
      claimed: 0,
      skipped: [expect.stringMatching(/^Ann@example\.com: it is being removed here/)],
    });
    expect(await sql(us, 'select from domains')).toEqual([]);
  });

  it('leaves out a domain that cannot be claimed, and says so', async () => {
    const file = aPath();
    writeFileSync(file, readFileSync(path, 'utf8').replace('secrets.ann.test', 'localhost'));
    const { code, stdout } = await run('us', 'import', '--from', file);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/0 domains wait for their records\.\nleft out: localhost: /),
    ]);
  });

  it('leaves out a domain whose policy is out of bounds, and claims nothing', async () => {
    await sql(us, 'delete from domains');
    const file = aPath();
    const policy = /"policy" ?: ?\{[^}]*\}/;
    const wrong = '"policy": {"ttlSecondsMax": 5, "opensOnRegionHost": false}';
    writeFileSync(file, readFileSync(path, 'utf8').replace(policy, wrong));
    const { stdout } = await run('us', 'import', '--from', file, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      claimed: 0,
      skipped: [expect.stringMatching(/^secrets\.ann\.test: max_ttl is a whole number/)],
    });
    expect(await sql(us, 'select from domains')).toEqual([]);
  });

  it('never has a claim without the policy of its domain, wherever it is interrupted', async () => {
    await sql(us, 'delete from domains');
    // The end of the process: nothing is written after the claim.
    await sql(
      us,
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'interrupted'; end $$`,
    );
    await sql(us, 'create trigger refuse before update on domains execute function refuse()');
    await run('us', 'import', '--from', path);
    await sql(us, 'drop function refuse cascade');
    await run('us', 'import', '--from', path);
    expect(await sql(us, 'select policy from domains')).toEqual([
      { policy: { isPassphraseRequired: true } },
    ]);
  });
});

describe('a pair of names in the file', () => {
  interface Row {
    readonly hostname: string;
    readonly main: string | null;
    readonly label: string;
    readonly ownership: string;
  }
  const NAMES = `
    select d.hostname, m.hostname as main, d.target_label as label, d.ownership
    from domains d left join domains m on m.id = d.main_id where d.registrable_domain = 'pair.com' order by d.hostname`;
  let file: string;
  let before: Row[];

  beforeAll(async () => {
    const claims = new DomainClaims(eu.dataSource, settings);
    // The main name comes last in the order of the names.
    await claims.claimPair({
      accountId: annId as never,
      name: claims.parse('www.pair.com'),
      domainsMax: 9,
      actor: COMMAND_LINE,
    });
    before = await sql<Row>(eu, NAMES);
    expect(before).toMatchObject([{ main: 'www.pair.com' }, { main: null }]);
    file = aPath();
    await run('eu', 'export', '--to', file);
  });

  /** Into an empty database of the region `eu`. */
  async function imported(text: string): Promise<Row[]> {
    const database = await openTestDatabase();
    try {
      const from = aPath();
      writeFileSync(from, text);
      const { code, stderr } = await runIn(database, 'eu', 'import', '--from', from);
      expect([code, stderr]).toEqual([0, '']);
      return await sql<Row>(database, NAMES);
    } finally {
      await database.close();
    }
  }

  it('is one in the other region, with labels of its own', async () => {
    await sql(us, 'delete from domains');
    await run('us', 'import', '--from', file);
    const found = await sql<Row>(us, NAMES);
    expect(found).toMatchObject([{ main: 'www.pair.com', ownership: 'pending' }, { main: null }]);
    for (const { label } of before) expect(found.map((row) => row.label)).not.toContain(label);
    const { stdout } = await run('us', 'import', '--from', file, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ claimed: 0 });
  });

  it('has the same CNAME targets in the same region, and nothing is proven by the file', async () => {
    const found = await imported(readFileSync(file, 'utf8'));
    expect(found).toEqual(before.map((row) => ({ ...row, ownership: 'pending' })));
  });

  it('has new targets when the file is older than a quarantine, or another claim has them', async () => {
    const text = readFileSync(file, 'utf8');
    const old = new Date(Date.now() - 31 * 86_400_000).toISOString();
    const labels = before.map(({ label }) => label);
    for (const { label } of await imported(
      text.replace(/"exported_at":"[^"]*"/, `"exported_at":"${old}"`),
    ))
      expect(labels).not.toContain(label);
    // Two claims of one label.
    const [first = '', second = ''] = labels;
    const found = await imported(text.replaceAll(second, first));
    expect(new Set(found.map(({ label }) => label)).size).toBe(2);
  });

  it('is none when the main name is not the other one of the pair, or is not there', async () => {
    const text = readFileSync(file, 'utf8');
    for (const main of ['secrets.ann.test', 'pair.com', 'nowhere.test', '']) {
      const found = await imported(text.replace(/"main" ?: ?"www.pair.com"/, `"main": "${main}"`));
      expect(found).toMatchObject([{ main: null }, { main: null }]);
    }
  });
});
