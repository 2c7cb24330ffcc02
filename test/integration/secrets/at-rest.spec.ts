import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { conceal, openRoom, ownerCaller } from './support.js';

describe('the database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it('contains no key, value, passphrase or recipient in clear, as text or as bytes', async () => {
    const clear = {
      value: 'canary value',
      passphrase: 'canary passphrase',
      recipient: 'canary@example.com',
    };
    const keys = await conceal(
      openRoom(database),
      { value: clear.value, passphrase: clear.passphrase, recipients: [clear.recipient] },
      ownerCaller,
    );
    const dump = await everyRow();
    expect(dump).toContain('ca*****@e*****.com');
    for (const text of [...Object.values(clear), keys.secretKey, keys.metadataKey]) {
      // A row as text has bytea in hexadecimal.
      for (const form of [
        text,
        Buffer.from(text).toString('hex'),
        Buffer.from(text).toString('base64'),
      ]) {
        expect(dump).not.toContain(form);
      }
    }
  });

  async function everyRow(): Promise<string> {
    const tables = await database.dataSource.query<{ name: string }[]>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    const dumps = tables.map(({ name }) =>
      database.dataSource.query<{ row: string }[]>(`select t::text as row from "${name}" as t`),
    );
    return (await Promise.all(dumps))
      .flat()
      .map(({ row }) => row)
      .join('\n');
  }
});
