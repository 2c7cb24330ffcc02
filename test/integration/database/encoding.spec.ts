import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runCommand } from '../../support/run-command.js';
import {
  openEmptyDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';
import { temporaryFolder } from '../../support/temporary-server.js';

describe('an empty database that is not in UTF-8, as of a system without a locale', () => {
  const backup = join(temporaryFolder(), 'backup');
  const rootKey = randomBytes(32).toString('base64');
  let database: TestDatabase;

  const gateway = (url: string, words: string[]) =>
    runCommand(words, {
      GATEWAY_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: url,
      GATEWAY_ROOT_KEY_EU: rootKey,
    });

  beforeAll(async () => {
    const source = await openTestDatabase();
    expect(await gateway(source.url, ['backup', '--to', backup])).toMatchObject({ code: 0 });
    await source.close();
    database = await openEmptyDatabase(`encoding 'SQL_ASCII' locale 'C'`);
    await database.dataSource.destroy();
  });
  afterAll(() => database.close());

  it.each([[['migrate']], [['restore', '--from', backup]]])(
    'gets no tables by %j, and a sentence says how it is made anew',
    async (words) => {
      expect(await gateway(database.url, words)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(
          /^GATEWAY_DATABASE_URL_EU: the database has the encoding SQL_ASCII, [^\n]+createdb [^\n]+$/,
        ),
      });
    },
  );

  it('is bad for the doctor', async () => {
    const { code, stdout } = await gateway(database.url, ['doctor']);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^bad +eu database +the database has the encoding SQL_ASCII/m),
    ]);
  });
});
