import { Client } from 'pg';
import { connectDatabase } from '../../../src/database/connect.js';
import { DayPartitions } from '../../../src/database/day-partitions.js';
import { migrateDatabase } from '../../../src/database/migrate.js';
import { comparePrivileges, grantServing } from '../../../src/database/serving-login.js';
import { PartitionsJob } from '../../../src/secrets/partitions.job.js';
import { RoleCells } from './role-cells.js';

const EXACT = { excess: [], missing: [] };

let cells: RoleCells;

beforeAll(async () => {
  cells = await RoleCells.open();
  // It makes the partitions and notes the root key.
  await (await cells.start('work')).close();
  await cells.grant();
});
afterAll(() => cells.close());

describe('the privileges of the serving login', () => {
  it('are those of the list, table by table and column by column, in partitions too', async () => {
    const { dataSource } = cells.database;
    await expect(comparePrivileges(dataSource.manager, cells.login)).resolves.toEqual(EXACT);
    // Seen with the login itself.
    const client = new Client({ connectionString: cells.servingUrl });
    await client.connect();
    try {
      for (const statement of [
        'select from account_passwords',
        'select id from mails',
        'select sealed from mails',
        'select from webhooks',
        'select from outbox',
        'select from acme_accounts',
        'select sealed_key from issuances',
        `update domains set display_name = 'x'`,
        `insert into domains (hostname) values ('x')`,
        'delete from certificates',
        `insert into certificates (hostname) values ('x')`,
        `update certificates set chain_pem = 'x'`,
        'update certificates set superseded_at = now()',
        `insert into issuances (hostname) values ('x')`,
        `update issuances set state = 'queued'`,
        'delete from issuances',
        `insert into webhooks (name) values ('x')`,
        `update webhooks set url = 'x'`,
        'delete from webhooks',
        'delete from domains',
        'select from second_factors',
        `insert into account_passwords (account_id) values (gen_random_uuid())`,
        `update mails set state = 'sent'`,
        `update accounts set plan = 'identity_plus'`,
        `insert into api_tokens (name) values ('x')`,
        'update secrets set ciphertext = ciphertext',
        'create table mine ()',
        `insert into serving_logins (name) values ('x')`,
      ])
        await expect({ statement, run: client.query(statement) }.run).rejects.toMatchObject({
          code: '42501',
        });
    } finally {
      await client.end();
    }
  });

  it('do not include a new table, and include a new partition', async () => {
    const { dataSource } = cells.database;
    await dataSource.query('create table newcomers (secret text)');
    const future = (table: string) =>
      dataSource.query(
        `drop table if exists ${table}_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`,
      );
    await future('secrets');
    await new PartitionsJob(dataSource).maintain();
    await expect(comparePrivileges(dataSource.manager, cells.login)).resolves.toEqual(EXACT);
  });

  it('are given again with the next migration, and taken away where they are too many', async () => {
    const { dataSource } = cells.database;
    await dataSource.query(`grant select on account_passwords to ${cells.login}`);
    await dataSource.query(`revoke select on secrets from ${cells.login}`);
    const { excess, missing } = await comparePrivileges(dataSource.manager, cells.login);
    expect(excess).toContain('SELECT account_passwords');
    expect(missing).toContain('SELECT secrets');
    await dataSource.query('drop index domains_account_id_removed_idx');
    await dataSource.query(`delete from schema_migrations where name like 'IndexRemovedDomains%'`);
    await expect(migrateDatabase(dataSource)).resolves.toHaveLength(1);
    await expect(comparePrivileges(dataSource.manager, cells.login)).resolves.toEqual(EXACT);
  });

  it('are given again at a start without a migration, as after a kill in the middle of one', async () => {
    const { dataSource } = cells.database;
    await dataSource.query(`revoke select on domains from ${cells.login}`);
    await expect(migrateDatabase(dataSource)).resolves.toEqual([]);
    await expect(comparePrivileges(dataSource.manager, cells.login)).resolves.toEqual(EXACT);
  });

  it('are not needed in a partition that another release has made: the whole table answers', async () => {
    const { dataSource } = cells.database;
    const day = new Date().toISOString().slice(0, 10);
    const partition = `secrets_${day.replaceAll('-', '')}`;
    await dataSource.query(`revoke all on ${partition} from ${cells.login}`);
    const serving = await connectDatabase(cells.servingUrl);
    try {
      const partitions = new DayPartitions(serving);
      await partitions.refresh();
      const statement = { name: 'some', dayText: 'select from {secrets}' };
      expect(partitions.address(statement, { secrets: day }).partitions).toEqual([]);
    } finally {
      await serving.destroy();
    }
    await cells.grant();
  });

  it('are refused to a role that may do more by another way', async () => {
    const { dataSource } = cells.database;
    const owner = new URL(cells.database.url).username;
    for (const [login, text] of [
      ['nobody_here', /does not exist/],
      [owner, /owner/],
    ] as const)
      await expect(grantServing(dataSource, login)).rejects.toMatchObject({
        message: expect.stringMatching(text),
      });
    await dataSource.query('grant select on account_passwords to public');
    await expect(cells.grant()).rejects.toMatchObject({
      message: expect.stringContaining('account_passwords'),
    });
    await dataSource.query('revoke select on account_passwords from public');
    await cells.grant();
  });
});

describe('a process that only serves does not start', () => {
  it.each([
    [
      'with the login of the owner',
      () => cells.database.url,
      '',
      '',
      { name: 'ConfigError', text: /must not reach .*account_passwords/ },
    ],
    [
      'with a login that lacks a privilege',
      null,
      'revoke select on secrets from LOGIN',
      'grant select on secrets to LOGIN',
      { name: 'DatabaseNotPrepared', text: /lacks SELECT secrets.*--grant-serve/ },
    ],
    [
      'at a database that is not migrated',
      null,
      `update schema_migrations set name = 'x' where name like 'AddDomainLook%'`,
      `update schema_migrations set name = 'AddDomainLook1795430000028' where name = 'x'`,
      {
        name: 'DatabaseNotPrepared',
        text: /not migrated \(AddDomainLook1795430000028 is missing\)/,
      },
    ],
    [
      'with a root key that no other process has written with',
      null,
      'update root_key_checks set check_value = null',
      null,
      { name: 'DatabaseNotPrepared', text: /is new to the database/ },
    ],
  ] as const)('%s', async (_, url, before, after, { name, text }) => {
    const { dataSource } = cells.database;
    const run = async (statement: string | null) => {
      if (statement) await dataSource.query(statement.replace('LOGIN', cells.login));
    };
    await run(before);
    const started = cells.start('serve', ...(url === null ? [] : [url()]));
    await expect(started).rejects.toMatchObject({
      name,
      message: expect.stringMatching(text),
    });
    await run(after);
  });
});
