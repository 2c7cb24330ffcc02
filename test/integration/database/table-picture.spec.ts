import { readFileSync } from 'node:fs';
import { describeTables } from '../../../docs/table-picture.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe(describeTables, () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(() => database.close());

  it('gives docs/tables.md; run `npm run tables` after a migration', async () => {
    const page = await describeTables((sql) => database.dataSource.query(sql));
    expect(page).toBe(readFileSync('docs/tables.md', 'utf8'));
  });

  it('draws every table, and none of the partitions', async () => {
    const page = await describeTables((sql) => database.dataSource.query(sql));
    const rows = await database.dataSource.query<{ name: string }[]>(
      `select tablename as name from pg_tables where schemaname = 'public'
       and tablename <> 'schema_migrations' and tablename !~ '_(default|[0-9]{8})$'`,
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const { name } of rows) expect(page).toContain(`  ${name} {`);
    expect(page).not.toMatch(/_default \{|_\d{8} \{/);
  });
});
