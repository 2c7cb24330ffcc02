import { DataSource } from 'typeorm';
import { LAST_RELEASE } from '../../../migrations/last-release.js';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { dataSourceOptions } from '../../../src/database/connect.js';
import { migrateDatabase } from '../../../src/database/migrate.js';
import { incompatibilities, schemaOf } from '../../support/schema-compatibility.js';
import { openEmptyDatabase, type TestDatabase } from '../../support/test-database.js';

const RELEASED = MIGRATIONS.slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name === LAST_RELEASE.lastMigration) + 1,
);

/** Writes as the last release has them, in its columns. */
const OLD_WRITES = [
  `insert into accounts (id, email, email_key, plan)
   values (gen_random_uuid(), 'a' || $1 || '@example.com', 'a' || $1 || '@example.com', 'identity_plus')`,
  `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label, challenge_label, challenge_value)
   values ('x' || $1, gen_random_uuid(), 'n' || $1 || '.test', 'x', 'test', false, 't' || $1, 'c', 'v')`,
  `insert into issuances (hostname, registrable_domain, state, next_at) values ('n' || $1 || '.test', 'test', 'queued', now())`,
  `insert into secrets (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
   values (sha256(convert_to('s' || $1, 'utf8')), current_date + 1, now() + interval '1 day', sha256('r'), current_date + 2, 1, '\\x00')`,
  `insert into outbox (account_id, type, subject) values (gen_random_uuid(), 'secret.created', jsonb_build_object('n', 'x' || $1))`,
  `insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
   values ('n' || $1 || '.test', 1, 'acme', 'chain', '\\x00', 1, 'x', now(), now() + interval '90 days')`,
];

describe('an upgrade from the last release', () => {
  let database: TestDatabase;
  let before: Awaited<ReturnType<typeof schemaOf>>;

  beforeAll(async () => {
    database = await openEmptyDatabase();
    await runOld();
    before = await schemaOf(database.dataSource);
    await write('before');
    await migrateDatabase(database.dataSource);
  });
  afterAll(() => database.close());

  /** Migrates with the set of the last release; resolves to the names of those that were missing. */
  async function runOld(): Promise<string[]> {
    const old = await new DataSource({
      ...dataSourceOptions(database.url),
      migrations: RELEASED,
      migrationsTableName: 'schema_migrations',
    }).initialize();
    const applied = await old.runMigrations({ transaction: 'each' });
    await old.destroy();
    return applied.map(({ name }) => name);
  }

  async function write(name: string): Promise<void> {
    for (const statement of OLD_WRITES) await database.dataSource.query(statement, [name]);
  }

  it('knows the last release by a migration that there is', () => {
    expect(RELEASED.at(-1)?.name).toBe(LAST_RELEASE.lastMigration);
    expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['accounts', 'secrets']));
  });

  it('takes nothing away that the last release reads, and refuses nothing that it writes', async () => {
    expect(incompatibilities(before, await schemaOf(database.dataSource))).toEqual([]);
  });

  it('keeps what was written before, and takes the same writes after', async () => {
    await write('after');
    for (const table of ['accounts', 'domains', 'issuances', 'secrets', 'outbox', 'certificates']) {
      const rows = await database.dataSource.query<{ count: number }[]>(
        `select count(*)::int as count from ${table}`,
      );
      expect([table, rows[0]?.count]).toEqual([table, 2]);
    }
  });

  it('lets a process of the last release start: it finds nothing to migrate', async () => {
    expect(await runOld()).toEqual([]);
  });

  it.each([
    ['alter table accounts drop column plan cascade', 'accounts.plan is gone'],
    ['alter table domains rename column display_name to shown_name', 'display_name is gone'],
    [
      "alter table domains add column must text not null default 'x'; alter table domains alter column must drop default",
      'must is new',
    ],
    ['alter table outbox alter column subject type text', 'outbox.subject was jsonb and is text'],
    [
      "update certificates set ca = 'x'; alter table certificates alter column ca set not null",
      'certificates.ca must not be null',
    ],
    ['alter table certificates add check (version < 9)', 'certificates has a new rule'],
    [
      `alter table acme_challenges drop constraint acme_challenges_type_check,
         add constraint acme_challenges_type_check check (type in ('http-01', 'dns-01'))`,
      'acme_challenges has a new rule',
    ],
    ['alter table issuances alter column state drop default', 'issuances.state has no default'],
    ['drop table ca_failures', 'ca_failures is gone'],
  ])('would be refused after: %s', async (statement, fault) => {
    await database.dataSource.transaction(async (manager) => {
      await manager.query(statement);
      expect(incompatibilities(before, await schemaOf(manager)).join()).toContain(fault);
      await manager.query('rollback');
      await manager.query('begin');
    });
  });
});
