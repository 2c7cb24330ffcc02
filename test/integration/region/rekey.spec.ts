import { randomBytes, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import type { AccountId } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { certificatePlace } from '../../../src/certificates/key-vault.js';
import type { Region } from '../../../src/config/region.js';
import type { RootKey, RootKeys } from '../../../src/config/root-key.js';
import { MailRefusals } from '../../../src/mail/mail-refusals.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import { findOldVersions } from '../../../src/region/rekey/old-versions.js';
import { refreshRefusals } from '../../../src/region/rekey/refresh-refusals.js';
import { Rekey } from '../../../src/region/rekey/rekey.js';
import {
  openVaults,
  SEALED_COLUMNS,
  SHORT_LIVED,
  type Vaults,
} from '../../../src/region/rekey/sealed-columns.js';
import { verifyRootKeys } from '../../../src/region/root-key-check.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';
import type { WebhookId } from '../../../src/webhooks/webhook.js';
import type { WebhookSecret } from '../../../src/webhooks/webhook-secret.js';
import { accountsIn } from '../../support/accounts-in.js';
import { runCommand } from '../../support/run-command.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aMail, openMailRoom, QUICK, RecordingSender } from '../mail/mail-room.js';

const region = 'eu' as Region;
const [one, two]: [RootKey, RootKey] = [1, 2].map((version) => ({
  version,
  bytes: randomBytes(32),
})) as [RootKey, RootKey];
const vaultsWith = (...rootKeys: RootKey[]): Vaults =>
  openVaults(
    { region, rootKeys: rootKeys as unknown as RootKeys },
    new UnopenedCiphertexts(new Registry()),
  );

let database: TestDatabase;
let accountId: AccountId;
beforeEach(async () => {
  database = await openTestDatabase();
  const { account } = await accountsIn(database).create('ann@example.com', 'basic', COMMAND_LINE);
  accountId = account.id as AccountId;
});
afterEach(() => database.close());

const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  database.dataSource.query<Row[]>(text, values);
const rekey = (...rootKeys: RootKey[]) =>
  new Rekey({ region, rootKeys: rootKeys as unknown as RootKeys }, database.dataSource).run();
const counts = (kinds: Awaited<ReturnType<typeof rekey>>) =>
  kinds.map(({ resealed, unopened, left }) => [resealed, unopened, left]);

/** One record of each kind, sealed under version 1. */
async function seal(vaults: Vaults) {
  const ids = { certificate: randomUUID(), webhook: randomUUID() as WebhookId, mail: randomUUID() };
  const certificate = vaults.keys.seal('CERT KEY', certificatePlace('a.test', 7));
  await sql(
    `insert into certificates (id, hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
     values ($1, 'a.test', 7, 'acme', '', $2, $3, '01', now(), now() + interval '1 day')`,
    [ids.certificate, certificate.sealed, certificate.keyVersion],
  );
  const order = vaults.keys.seal('ORDER KEY', { kind: 'order', name: 'b.test', version: 0 });
  await sql(
    `insert into issuances (hostname, registrable_domain, state, source, held_by, ca, order_url, sealed_key, key_version)
     values ('b.test', 'b.test', 'validating', 'acme', 'none', 'ca', 'https://ca.test/1', $1, $2)`,
    [order.sealed, order.keyVersion],
  );
  const account = vaults.keys.seal('ACCOUNT KEY', { kind: 'account', name: 'ca', version: 0 });
  await sql(
    `insert into acme_accounts (ca, directory_url, sealed_key, key_version) values ('ca', 'https://ca.test', $1, $2)`,
    [account.sealed, account.keyVersion],
  );
  const [now, before] = ['NOW', 'BEFORE'].map((text) =>
    vaults.webhooks.seal(ids.webhook, text as WebhookSecret),
  );
  await sql(
    `insert into webhooks (id, account_id, name, url, target, events, key_version, sealed_secret, previous_key_version, previous_sealed_secret, previous_until)
     values ($1, $2, 'hook', 'https://x.test', 'x.test', '{}', $3, $4, $3, $5, now() + interval '1 day')`,
    [ids.webhook, accountId, now?.keyVersion, now?.sealed, before?.sealed],
  );
  const factor = vaults.factors.seal(accountId, 'TOTP');
  await sql(
    `insert into second_factors (account_id, sealed_secret, key_version) values ($1, $2, $3)`,
    [accountId, factor.sealed, factor.keyVersion],
  );
  const mail = vaults.mails.seal(ids.mail, 'MAIL');
  await sql(
    `insert into mails (id, kind, key_version, sealed, state, next_at, give_up_at)
     values ($1, 'test', $2, $3, 'queued', now() + interval '1 day', now() + interval '2 days')`,
    [ids.mail, mail.keyVersion, mail.sealed],
  );
  return ids;
}

async function opened(vaults: Vaults, ids: Awaited<ReturnType<typeof seal>>) {
  const read = async (table: string, sealed: string, version: string) => {
    const [row] = await sql<{ sealed: Buffer; keyVersion: number }>(
      `select ${sealed} as sealed, ${version} as "keyVersion" from ${table}`,
    );
    if (row === undefined) throw new Error(`${table} is empty`);
    return row;
  };
  const webhook = (column: string, version: string) =>
    read('webhooks', column, version).then((sealed) => vaults.webhooks.open(ids.webhook, sealed));
  return [
    vaults.keys.open(
      await read('certificates', 'sealed_private_key', 'key_version'),
      certificatePlace('a.test', 7),
    ),
    vaults.keys.open(await read('issuances', 'sealed_key', 'key_version'), {
      kind: 'order',
      name: 'b.test',
      version: 0,
    }),
    vaults.keys.open(await read('acme_accounts', 'sealed_key', 'key_version'), {
      kind: 'account',
      name: 'ca',
      version: 0,
    }),
    await webhook('sealed_secret', 'key_version'),
    await webhook('previous_sealed_secret', 'previous_key_version'),
    vaults.factors.open(accountId, await read('second_factors', 'sealed_secret', 'key_version')),
    vaults.mails.open({ id: ids.mail, ...(await read('mails', 'sealed', 'key_version')) }),
  ];
}
const PLAIN = ['CERT KEY', 'ORDER KEY', 'ACCOUNT KEY', 'NOW', 'BEFORE', 'TOTP', 'MAIL'];

describe('the list of sealed columns', () => {
  it('has every column of the database that is beside a version of a root key', async () => {
    const found = await sql<{ column: string }>(
      `select relname || '.' || attname as column
       from pg_attribute a join pg_class c on c.oid = attrelid
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
         and attname like '%key_version' and not relname = any($1) order by 1`,
      [SHORT_LIVED],
    );
    const known = SEALED_COLUMNS.map(({ table, version }) => `${table}.${version}`);
    expect(found.map(({ column }) => column)).toEqual(known.toSorted());
  });
});

describe(Rekey.name, () => {
  it('seals every kind anew: the new key alone opens all of it', async () => {
    const ids = await seal(vaultsWith(one));
    expect(counts(await rekey(two, one))).toEqual(PLAIN.map(() => [1, 0, 0]));
    expect(await opened(vaultsWith(two), ids)).toEqual(PLAIN);
    expect(counts(await rekey(two, one))).toEqual(PLAIN.map(() => [0, 0, 0]));
  });

  it('goes on where a killed one stopped, and everything opens in between', async () => {
    const ids = await seal(vaultsWith(one));
    const query = database.dataSource.query.bind(database.dataSource);
    let updates = 0;
    database.dataSource.query = ((text: string, values: unknown[]) => {
      if (text.includes('update ') && (updates += 1) > 3) throw new Error('killed');
      return query(text, values);
    }) as typeof query;
    await expect(rekey(two, one)).rejects.toThrow('killed');
    database.dataSource.query = query;
    expect(await opened(vaultsWith(two, one), ids)).toEqual(PLAIN);
    const rest = (await rekey(two, one)).reduce((sum, { resealed }) => sum + resealed, 0);
    expect(rest).toBe(PLAIN.length - 3);
    expect(await opened(vaultsWith(two), ids)).toEqual(PLAIN);
  });

  it('walks through more rows than a batch, and does not count what does not open twice', async () => {
    const vault = vaultsWith(one).mails;
    const mails = Array.from({ length: 1203 }, (_, index) => {
      const id = randomUUID();
      return { id, sealed: vault.seal(index === 700 ? randomUUID() : id, 'x').sealed };
    });
    await sql(
      `insert into mails (id, kind, key_version, sealed, state, next_at, give_up_at)
       select id, 'test', 1, sealed, 'queued', now() + interval '1 day', now() + interval '2 days'
       from unnest($1::uuid[], $2::bytea[]) as row(id, sealed)`,
      [mails.map(({ id }) => id), mails.map(({ sealed }) => sealed)],
    );
    const kinds = await rekey(two, one);
    expect(kinds.at(-1)).toEqual({ kind: 'mails that wait', resealed: 1202, unopened: 1, left: 0 });
  });

  it('loses no mail that is queued and sent meanwhile by a gateway with the old key in front', async () => {
    const sender = new RecordingSender();
    const room = openMailRoom(database, sender, QUICK, [one, two]);
    let isOver = false;
    const rekeying = (async () => {
      let resealed = 0;
      while (!isOver) for (const kind of await rekey(two, one)) resealed += kind.resealed;
      return resealed;
    })();
    const texts = Array.from({ length: 60 }, (_, index) => `mail ${index}`);
    for (const text of texts) {
      await room.queue.add(database.dataSource.manager, aMail({ text }));
      if (Math.random() < 0.3) await room.job.round();
    }
    await room.job.round();
    await room.job.round();
    isOver = true;
    expect(await rekeying).toBeGreaterThan(0);
    expect(sender.taken.map(({ text }) => text.trim()).toSorted()).toEqual(texts.toSorted());
    const [left] = await sql<{ count: number }>(
      'select count(*)::int as count from mails where sealed is not null',
    );
    expect(left?.count).toBe(0);
  });

  it('does not give a row its old ciphertext back when it changed meanwhile', async () => {
    const ids = await seal(vaultsWith(one));
    const fresh = vaultsWith(one).keys.seal('NEW ACCOUNT KEY', {
      kind: 'account',
      name: 'ca',
      version: 0,
    });
    const query = database.dataSource.query.bind(database.dataSource);
    let isReplaced = false;
    database.dataSource.query = (async (text: string, values: unknown[]) => {
      if (text.includes('update acme_accounts') && !isReplaced) {
        isReplaced = true;
        const anew = [fresh.sealed, fresh.keyVersion];
        await query('update acme_accounts set sealed_key = $1, key_version = $2', anew);
      }
      return query(text, values);
    }) as typeof query;
    await rekey(two, one);
    database.dataSource.query = query;
    expect((await opened(vaultsWith(two), ids))[2]).toBe('NEW ACCOUNT KEY');
  });
});

describe('an old version', () => {
  const aSecret = (keyVersion: number, days: number): Promise<unknown> =>
    sql(
      `insert into secrets (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
       values ($1, current_date + $2::int, now() + make_interval(days => $2), '\\x00', current_date, $3, '\\x00')`,
      [randomBytes(16), days, keyVersion],
    );
  const verify = (...rootKeys: RootKey[]): Promise<void> =>
    verifyRootKeys({ region, rootKeys: rootKeys as unknown as RootKeys }, database.dataSource);

  it('is needed until its last secret expires, and until every record is sealed anew', async () => {
    await verify(one);
    await verify(two, one);
    await seal(vaultsWith(one));
    await aSecret(1, 3);
    await aSecret(1, 5);
    await aSecret(2, 9);
    const [before] = await findOldVersions(database.dataSource, 2);
    expect(before?.records.map(({ count }) => count)).toEqual(PLAIN.map(() => 1));
    await rekey(two, one);
    const [after] = await findOldVersions(database.dataSource, 2);
    expect(after).toMatchObject({ version: 1, records: [], receiptsUntil: null });
    const days = ((after?.secretsUntil?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(5);
    await expect(verify(two)).rejects.toThrow(/version 1 is not configured/);
    await sql('delete from secrets');
    await verify(two);
    expect(await findOldVersions(database.dataSource, 2)).toEqual([]);
  });

  it('is not needed for the refusals of mails by accounts', async () => {
    const refusals = (...rootKeys: RootKey[]): MailRefusals =>
      new MailRefusals({ rootKeys } as unknown as CellConfig, database.statements);
    const subscription = { list: 'notices', address: 'Ann@example.com' } as const;
    await refusals(one).add(subscription);
    await refreshRefusals({ region, rootKeys: [two, one] }, database.dataSource);
    expect(await refusals(two).has(subscription)).toBe(true);
  });
});

describe('gateway rekey', () => {
  const text = ({ version, bytes }: RootKey): string => `${version}:${bytes.toString('base64')}`;
  const run = (keys: RootKey[], ...words: string[]) =>
    runCommand(['rekey', ...words], {
      GATEWAY_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: database.url,
      GATEWAY_ROOT_KEY_EU: keys.map(text).join(','),
    });
  const start = (...rootKeys: RootKey[]): Promise<void> =>
    verifyRootKeys({ region, rootKeys: rootKeys as unknown as RootKeys }, database.dataSource);

  it('refuses a key that no gateway has started with, and one that is another', async () => {
    await start(one);
    expect(await run([two, one])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^No gateway has started with version 2/),
    });
    const other = { version: 1, bytes: randomBytes(32) };
    expect((await run([other])).stderr).toMatch(/^GATEWAY_ROOT_KEY_EU: version 1 is another key/);
  });

  it('says what it did and when the old key can go, as text and as JSON', async () => {
    await start(one, two);
    await seal(vaultsWith(one));
    const first = await run([two, one]);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^keys of certificates: 1 sealed anew$/m);
    expect(first.stdout).toMatch(/^Version 1 is not needed any more: remove it/m);
    const { code, stdout } = await run([two, one], '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      region: 'eu',
      version: 2,
      old_versions: [{ version: 1, records: [], removable: true }],
    });
    for (const { bytes } of [one, two])
      expect(first.stdout).not.toContain(bytes.toString('base64'));
  });

  it('ends with code 1 and the number when a record does not open', async () => {
    await start(one, two);
    await seal(vaultsWith(one));
    await sql(`update second_factors set sealed_secret = '\\x0011'`);
    const { code, stdout } = await run([two, one]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^second factors: 0 sealed anew, 1 do not open$/m);
    expect(stdout).toMatch(/^Version 1 is needed by 1 second factors/m);
  });
});
