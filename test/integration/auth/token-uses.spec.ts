import { jest } from '@jest/globals';
import type { TokenScope } from '../../../src/accounts/tokens/token-scope.js';
import { TokenUses } from '../../../src/accounts/tokens/token-uses.js';
import { OPERATOR } from '../../../src/accounts/tokens/tokens.service.js';
import type { TestDatabase } from '../../support/test-database.js';
import { basic, startCell, type Cell } from './auth-cell.js';

const email = 'several@example.com';
let eu: Cell;
beforeAll(async () => {
  eu = await startCell('eu');
  // Its loop, which would write between a request and what a test looks at.
  await eu.uses.onModuleDestroy();
  await eu.accounts.create(email, 'basic');
});
afterAll(() => eu.close());

async function withScopes(...scopes: TokenScope[]): Promise<string> {
  const { id } = await eu.accounts.get(email);
  const request = { name: scopes.join(' '), scopes, expiresInSeconds: null };
  return basic(email, (await eu.tokens.create(id, request, OPERATOR)).value);
}

describe(TokenUses.name, () => {
  it('dates the last use of a token, with one write a day and none on the way of a request', async () => {
    const user = await withScopes('read', 'domains');
    const writes = watchWrites(eu.database);
    await Promise.all(Array.from({ length: 10 }, () => eu.get('/who', user)));
    expect(writes()).toBe(0);
    await Promise.all([eu.uses.write(), eu.uses.write()]);
    const used = async () =>
      (await eu.tokens.list((await eu.accounts.get(email)).id)).find(
        ({ name }) => name === 'read domains',
      );
    const today = new Date().toISOString().slice(0, 10);
    expect(await used()).toMatchObject({ lastUsedOn: today, lastUsedFrom: '127.0.0.0/24' });

    const before = writes();
    await eu.get('/who', user);
    await eu.uses.write();
    expect(writes()).toBe(before);

    await eu.database.dataSource.query(
      `update api_tokens set last_used_on = last_used_on - 1, last_used_from = 'x'`,
    );
    await eu.get('/who', user);
    await eu.uses.write();
    expect(await used()).toMatchObject({ lastUsedOn: today, lastUsedFrom: '127.0.0.0/24' });
  });

  it('keeps what it could not write for the next time', async () => {
    const user = await withScopes('domains');
    await eu.get('/who', user);
    const query = jest.spyOn(eu.database.dataSource, 'query').mockRejectedValueOnce(new Error());
    await expect(eu.uses.write()).rejects.toThrow();
    query.mockRestore();
    await eu.uses.write();
    const tokens = await eu.tokens.list((await eu.accounts.get(email)).id);
    expect(tokens.find(({ name }) => name === 'domains')?.lastUsedOn).not.toBeNull();
  });

  it('dates the value that was used when a rotation comes before the write', async () => {
    const user = await withScopes('read', 'account');
    const { id } = await eu.accounts.get(email);
    const tokenId = await eu.tokens.idOf(id, 'read account');
    await eu.get('/who', user);
    const { value } = await eu.tokens.rotate(id, tokenId, { overlapSeconds: 600 }, OPERATOR);
    await eu.uses.write();
    const values = async () =>
      (await eu.tokens.list(id))
        .filter((each) => each.id === tokenId || each.replacedBy === tokenId)
        .map(({ replacedBy, lastUsedOn }) => [replacedBy === null, lastUsedOn !== null]);
    expect(await values()).toEqual([
      [false, true],
      [true, false],
    ]);
    await eu.get('/who', basic(email, value));
    await eu.uses.write();
    expect(await values()).toEqual([
      [false, true],
      [true, true],
    ]);
  });
});

/** Counts the statements of TokenUses. */
function watchWrites({ dataSource }: TestDatabase): () => number {
  let count = 0;
  const query = dataSource.query.bind(dataSource);
  dataSource.query = ((sql: string, ...rest: []) => {
    if (sql.includes('last_used_on =')) count += 1;
    return query(sql, ...rest);
  }) as typeof dataSource.query;
  return () => count;
}
