import { randomBytes, randomUUID } from 'node:crypto';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { AccountRecord } from '../../../src/accounts/account-details.js';
import { externalIdOf } from '../../../src/accounts/external-id.js';
import type { Region } from '../../../src/config/region.js';
import { SEALED_COLUMNS } from '../../../src/region/rekey/sealed-columns.js';
import { verifyRootKeys } from '../../../src/region/root-key-check.js';
import { accountsIn } from '../../support/accounts-in.js';
import { runCommand } from '../../support/run-command.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aProvenDomain } from '../certificates/issuance-room.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import {
  accountOf,
  anonymous,
  conceal,
  gone,
  onDomain,
  openRoom,
  ROOT_KEY,
  type Room,
} from '../secrets/support.js';

const EU = 'eu' as Region;

let database: TestDatabase;
let room: Room;
let ann: AccountRecord;
let bob: AccountRecord;

beforeEach(async () => {
  database = await openTestDatabase();
  room = openRoom(database);
  await verifyRootKeys({ region: EU, rootKeys: [ROOT_KEY] }, database.dataSource);
  const accounts = accountsIn(database);
  [ann, bob] = [
    (await accounts.create('ann@example.com', 'identity_plus', COMMAND_LINE)).account,
    (await accounts.create('bob@example.com', 'identity_plus', COMMAND_LINE)).account,
  ];
});
afterEach(() => database.close());

const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  database.dataSource.query<Row[]>(text, values);
const shred = (...words: string[]) =>
  runCommand(['shred', ...words], {
    GATEWAY_REGIONS: 'eu,us',
    GATEWAY_SERVE_REGIONS: 'eu',
    GATEWAY_DATABASE_URL_EU: database.url,
    GATEWAY_ROOT_KEY_EU: `1:${ROOT_KEY.bytes.toString('base64')}`,
  });
const trail = () =>
  sql('select operation, target, status, key_name as who from admin_audit order by id');
const caller = ({ id }: AccountRecord) => ({ ...anonymous, account: accountOf(id) });
const opens = (secretKey: string): Promise<boolean> =>
  room.secrets.reveal(anonymous, secretKey, null).then(
    () => true,
    (error: unknown) => {
      expect(error).toEqual(gone);
      return false;
    },
  );

/** What each account has that is sealed. */
async function own({ id }: AccountRecord, name: string): Promise<void> {
  await aProvenDomain(database, requireHostname(name));
  await sql('update domains set account_id = $2, extid = $3 where hostname = $1', [
    name,
    id,
    `cd${randomBytes(8).toString('hex')}`,
  ]);
  await sql(
    `insert into certificates (id, hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
     values ($1, $2, 1, 'acme', '', '\\x01', 1, '01', now(), now() + interval '1 day')`,
    [randomUUID(), name],
  );
  await sql(
    `insert into issuances (hostname, registrable_domain, state, source, held_by) values ($1, $1, 'active', 'acme', 'none')`,
    [name],
  );
  await sql(
    `insert into webhooks (id, account_id, name, url, target, events, key_version, sealed_secret)
     values ($1, $2, 'hook', 'https://x.test', 'x.test', '{}', 1, '\\x01')`,
    [randomUUID(), id],
  );
  await sql(
    `insert into second_factors (account_id, sealed_secret, key_version) values ($1, '\\x01', 1)`,
    [id],
  );
  await sql(
    `insert into mails (id, kind, account_id, key_version, sealed, state, next_at, give_up_at)
     values ($1, 'test', $2, 1, '\\x01', 'queued', now() + interval '1 day', now() + interval '2 days')`,
    [randomUUID(), id],
  );
}

/** How many rows hold something sealed, by table. */
async function sealedRows(): Promise<number[]> {
  const counts = SEALED_COLUMNS.map(async ({ table, sealed }) => {
    const [row] = await sql<{ count: number }>(
      `select count(*)::int as count from ${table} where ${sealed} is not null`,
    );
    return row?.count ?? -1;
  });
  return Promise.all(counts);
}

describe('gateway shred', () => {
  it('does nothing without --yes but say what it would destroy, and wants exactly one target', async () => {
    await own(ann, 'a.ann.test');
    const before = await sealedRows();
    const { code, stdout } = await shred('--account', 'ann@example.com');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^Would destroy in eu: the account ann@example\.com .* a\.ann\.test .* Nothing was done/,
    );
    expect(await sealedRows()).toEqual(before);
    expect(await trail()).toEqual([]);
    expect(await shred('--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--everything/),
    });
    expect((await shred('--domain', 'a', '--account', 'b')).code).toBe(2);
    expect((await shred('--everything', '--yes')).stderr).toMatch(/^--region: required/);
  });

  it('destroys all that is sealed for an account, and nothing of another one', async () => {
    await own(ann, 'a.ann.test');
    await own(bob, 'b.bob.test');
    const anns = await conceal(room, {}, caller(ann));
    const bobs = await conceal(room, {}, caller(bob));
    const id = externalIdOf(ann.id);
    const { code, stderr, stdout } = await shred('--account', id, '--yes', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ region: 'eu', target: id, destroyed: true });
    expect(await opens(anns.secretKey)).toBe(false);
    expect(await opens(bobs.secretKey)).toBe(true);
    // One of each kind is bob's; neither has an order or an ACME account.
    expect(await sealedRows()).toEqual(
      SEALED_COLUMNS.map(({ sealed }) => (/^(?:sealed_key|previous)/.test(sealed) ? 0 : 1)),
    );
    expect(await sql('select from receipts where account_id = $1', [ann.id])).toEqual([]);
    // A gateway deletes it.
    expect(await sql('select email, state from accounts order by email')).toEqual([
      { email: 'ann@example.com', state: 'closing' },
      { email: 'bob@example.com', state: 'active' },
    ]);
    expect(await sql('select hostname from domains where removed_at is null')).toEqual([
      { hostname: 'b.bob.test' },
    ]);
    expect(await trail()).toEqual([
      { operation: 'shred', target: id, status: 200, who: 'command line' },
    ]);
  });

  it.each(['outbox', 'webhooks'])(
    'has no time limit where it reads or deletes much, as in %s',
    async (table) => {
      await own(ann, 'a.ann.test');
      await sql(`insert into outbox (account_id, type, subject) values ($1, 'x', '{}')`, [ann.id]);
      await sql(`create function takes_long() returns trigger language plpgsql as $$ begin
        if current_setting('statement_timeout') <> '0' then raise 'the time is over'; end if;
        return old; end $$`);
      await sql(
        `create trigger takes_long before delete on ${table} for each row execute function takes_long()`,
      );
      const { code, stderr } = await shred('--account', 'ann@example.com', '--yes');
      expect([code, stderr]).toEqual([0, '']);
      expect(await sql(`select from ${table}`)).toEqual([]);
    },
  );

  it('destroys what is sealed for one name, of every account', async () => {
    await own(ann, 'a.ann.test');
    const guest = await conceal(room, {}, onDomain(anonymous, requireHostname('a.ann.test')));
    const elsewhere = await conceal(room, {}, caller(ann));
    expect((await shred('--domain', 'a.ann.test', '--yes')).code).toBe(0);
    expect(await opens(elsewhere.secretKey)).toBe(true);
    expect(await sql(`select from secrets where domain = 'a.ann.test'`)).toEqual([]);
    expect(
      await sql(
        `select state, sealed_secret_key as key, sealed_short_id as id from receipts where domain = 'a.ann.test'`,
      ),
    ).toEqual([{ state: 'burned', key: null, id: null }]);
    expect(await sql('select from certificates where sealed_private_key is not null')).toEqual([]);
    await expect(
      room.secrets.reveal(
        onDomain(anonymous, requireHostname('a.ann.test')),
        guest.secretKey,
        null,
      ),
    ).rejects.toEqual(gone);
    expect(await trail()).toMatchObject([{ target: 'a.ann.test', status: 200 }]);
  });

  it('destroys what is sealed for a name in days that were over while no gateway ran', async () => {
    await own(ann, 'a.ann.test');
    await conceal(room, {}, onDomain(anonymous, requireHostname('a.ann.test')));
    for (const table of ['secrets', 'receipts'])
      await sql(`update ${table} set expires_on = current_date - 9`);
    expect((await shred('--domain', 'a.ann.test', '--yes')).code).toBe(0);
    expect(await sql('select from secrets')).toEqual([]);
    expect(await sql('select from receipts where sealed_secret_key is not null')).toEqual([]);
  });

  it.each(['conflict', 'pending'])(
    'destroys nothing of a name through a %s claim of an account that does not hold it',
    async (ownership) => {
      await own(bob, 'b.bob.test');
      await own(ann, 'b.ann.test');
      const claim = randomBytes(8).toString('hex');
      await sql(
        `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
           challenge_label, challenge_value, ownership)
         values ($1, $2, $3, $3, 'bob.test', false, $1, 'abc1234', 'value', $4)`,
        [`cd${claim}`, ann.id, 'b.bob.test', ownership],
      );
      if (ownership === 'pending') {
        await sql(`update domains set removed_at = now(), lost_at = now() where account_id = $1`, [
          bob.id,
        ]);
      }
      const guest = onDomain(anonymous, requireHostname('b.bob.test'));
      const { metadataKey } = await conceal(room, {}, guest);
      const keys = () =>
        sql('select hostname from certificates where sealed_private_key is not null');
      const isWhole = async () => {
        expect(await keys()).toContainEqual({ hostname: 'b.bob.test' });
        expect(await sql('select domain from secrets')).toEqual([{ domain: 'b.bob.test' }]);
        const receipt = await room.receipts.show(guest, metadataKey, { markViewed: false });
        expect(receipt.state).toBe('new');
      };
      const { stdout } = await shred('--domain', `cd${claim}`, '--yes');
      expect(stdout).toMatch(/the claim to b\.bob\.test and its images, but no secret/);
      await isWhole();
      await sql('update domains set removed_at = null where extid = $1', [`cd${claim}`]);
      const account = await shred('--account', 'ann@example.com', '--yes');
      expect(account).toMatchObject({ code: 0, stderr: '' });
      expect(account.stdout).toMatch(/, and b\.ann\.test with the keys/);
      await isWhole();
      expect(await keys()).toEqual([{ hostname: 'b.bob.test' }]);
    },
  );

  it.each(['--domain', '--account'])(
    'repeats a shred with %s that ended after the claim was released, though a rival waits',
    async (option) => {
      await own(ann, 'a.ann.test');
      await sql('update domains set removed_at = now(), lost_at = now()');
      await sql(
        `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
           challenge_label, challenge_value)
         select 'cdrival', $1, hostname, hostname, registrable_domain, false, 'rival', 'abc1234', 'value' from domains`,
        [bob.id],
      );
      await conceal(room, {}, onDomain(anonymous, requireHostname('a.ann.test')));
      const name = option === '--domain' ? 'a.ann.test' : 'ann@example.com';
      expect((await shred(option, name)).stdout).toMatch(/a\.ann\.test.* with the keys/);
      expect(await shred(option, name, '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(await sql('select from secrets')).toEqual([]);
      expect(await sql('select from certificates where sealed_private_key is not null')).toEqual(
        [],
      );
      expect(await sql('select extid from domains where removed_at is null')).toEqual([
        { extid: 'cdrival' },
      ]);
    },
  );

  it.each(['--domain', '--account'])(
    'destroys with %s the second name of a pair with its main one',
    async (option) => {
      await own(ann, 'ann.test');
      await own(bob, 'www.ann.test');
      await sql(
        `update domains set account_id = $1, main_id = (select id from domains where hostname = 'ann.test')
         where hostname = 'www.ann.test'`,
        [ann.id],
      );
      for (const name of ['ann.test', 'www.ann.test'])
        await conceal(room, {}, onDomain(anonymous, requireHostname(name)));
      const target = option === '--domain' ? 'ann.test' : 'ann@example.com';
      expect(await shred(option, target, '--yes')).toMatchObject({ code: 0, stderr: '' });
      expect(await sql('select from secrets')).toEqual([]);
      expect(await sql('select from domains where removed_at is null')).toEqual([]);
    },
  );

  it('leaves the secrets of who holds the name now to a repeated shred', async () => {
    await own(ann, 'a.ann.test');
    await sql('update domains set removed_at = now(), lost_at = now()');
    await aProvenDomain(database, requireHostname('a.ann.test'));
    await conceal(room, {}, onDomain(anonymous, requireHostname('a.ann.test')));
    const { stdout } = await shred('--account', 'ann@example.com', '--yes');
    expect(stdout).toMatch(/and no domains/);
    expect(await sql('select domain from secrets')).toEqual([{ domain: 'a.ann.test' }]);
  });

  it('destroys every ciphertext of a region that was restored from a physical copy', async () => {
    const { secretKey, metadataKey } = await conceal(room, {}, caller(ann));
    expect((await shred('--secrets', '--region', 'eu', '--yes')).code).toBe(0);
    expect(await opens(secretKey)).toBe(false);
    const receipt = await room.receipts.show(anonymous, metadataKey, { markViewed: true });
    expect(receipt.state).toBe('orphaned');
  });

  it('destroys a whole region only while no gateway runs, and a new root key starts it afresh', async () => {
    await own(ann, 'a.ann.test');
    await conceal(room, {}, caller(ann));
    const words = ['--everything', '--region', 'eu', '--yes'];
    expect((await shred(...words)).stderr).toMatch(/A gateway or a command uses the database/);
    await database.dataSource.destroy();
    const { code, stdout } = await shred(...words);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Now destroy every version of GATEWAY_ROOT_KEY_EU /);
    await database.dataSource.initialize();
    expect(await sealedRows()).toEqual(SEALED_COLUMNS.map(() => 0));
    for (const table of ['secrets', 'receipts', 'root_key_checks'])
      expect(await sql(`select from ${table}`)).toEqual([]);
    expect(await trail()).toMatchObject([{ status: null }, { target: 'region eu', status: 200 }]);
    const fresh = { version: 2, bytes: randomBytes(32) };
    await verifyRootKeys({ region: EU, rootKeys: [fresh] }, database.dataSource);
  });
});
