import { ExtendAccounts1795430000013 } from '../../../migrations/1795430000013-extend-accounts.js';
import { hashApiToken, newApiToken } from '../../../src/accounts/tokens/api-token.js';
import { TOKEN_SCOPES } from '../../../src/accounts/tokens/token-scope.js';
import { accountsIn } from '../../support/accounts-in.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe('the migration to several tokens', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  const query = (text: string, values: unknown[] = []) =>
    database.dataSource.query<Record<string, unknown>[]>(text, values);

  async function migrate(direction: 'up' | 'down'): Promise<void> {
    const runner = database.dataSource.createQueryRunner();
    await new ExtendAccounts1795430000013()[direction](runner);
    await runner.release();
  }

  async function anAccount(email: string): Promise<string> {
    const [row] = await query(
      `insert into accounts (email, email_key, plan) values ($1, $1, 'basic') returning id`,
      [email],
    );
    return String(row?.['id']);
  }

  async function aToken(accountId: string, ends: string | null = null): Promise<string> {
    const token = newApiToken();
    await query(
      `insert into api_tokens (account_id, token_hash, expires_at) values ($1, $2, now() + $3::interval)`,
      [accountId, hashApiToken(token), ends],
    );
    return token;
  }

  it('makes the token of today the one named default, with every scope, and keeps replaced ones', async () => {
    await migrate('down');
    const ids = [await anAccount('ann@example.com'), await anAccount('bob@example.com')];
    await anAccount('without@example.com');
    const replaced = await aToken(ids[0]!, '1 hour');
    const [current, other] = [await aToken(ids[0]!), await aToken(ids[1]!)];
    await migrate('up');

    const accounts = accountsIn(database);
    for (const [email, token] of [
      ['ann@example.com', current],
      ['ann@example.com', replaced],
      ['bob@example.com', other],
    ] as const) {
      const signedIn = await accounts.authenticate(email, token);
      expect(signedIn?.token).toMatchObject({ name: 'default', scopes: TOKEN_SCOPES });
    }
    const { tokens } = await accounts.get('ann@example.com');
    expect(tokens.map(({ replacedBy }) => replacedBy === null)).toEqual([false, true]);
    expect((await accounts.get('without@example.com')).tokens).toEqual([]);
  });

  it('lets a process from before go on adding tokens, which have every scope', async () => {
    const id = await anAccount('old@example.com');
    const tokens = [await aToken(id), await aToken(id)];
    for (const token of tokens) {
      const signedIn = await accountsIn(database).authenticate('old@example.com', token);
      expect(signedIn?.token.scopes).toEqual(TOKEN_SCOPES);
    }
  });

  it('leaves no token with fewer scopes to a program from before, which knows none', async () => {
    const id = await anAccount('narrow@example.com');
    await aToken(id);
    await query(
      `insert into api_tokens (account_id, token_hash, scopes) values ($1, $2, '{read}')`,
      [id, hashApiToken(newApiToken())],
    );
    await query(`update accounts set state = 'closing', closing_at = now() where id = $1`, [id]);
    await migrate('down');
    expect(await query('select 1 from api_tokens where account_id = $1', [id])).toHaveLength(1);
    expect(await query('select state from accounts where id = $1', [id])).toEqual([
      { state: 'suspended' },
    ]);
    await migrate('up');
  });
});
