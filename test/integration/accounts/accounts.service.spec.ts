import { jest } from '@jest/globals';
import { externalIdOf } from '../../../src/accounts/external-id.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { newApiToken } from '../../../src/accounts/tokens/api-token.js';
import { OPERATOR } from '../../../src/accounts/tokens/tokens.service.js';
import { accountsIn, tokensIn } from '../../support/accounts-in.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe(AccountsService.name, () => {
  let database: TestDatabase;
  let accounts: AccountsService;

  beforeAll(async () => {
    database = await openTestDatabase();
    accounts = accountsIn(database);
  });

  afterAll(() => database.close());

  it('authenticates an account by its token, with the address in any letter case', async () => {
    const { account, token } = await accounts.create(' Ann@Example.com ', 'identity_plus');
    expect(account).toMatchObject({
      email: 'Ann@Example.com',
      plan: 'identity_plus',
      state: 'active',
    });

    const signedIn = await accounts.authenticate('aNN@example.COM', token);
    const { id } = account;
    expect(signedIn?.account).toEqual({
      id,
      email: 'Ann@Example.com',
      plan: 'identity_plus',
      state: 'active',
    });
    expect((await accounts.authenticate(externalIdOf(id), token))?.account.id).toBe(id);
  });

  it('refuses a second account for the same address in another letter case', async () => {
    await accounts.create('twice@example.com', 'basic');
    await expect(accounts.create('TWICE@Example.com', 'basic')).rejects.toMatchObject({
      code: 'account_exists',
      message: 'There is already an account for TWICE@Example.com.',
    });
  });

  it('creates one account when several are created at once for one address', async () => {
    const attempts = Array.from({ length: 8 }, () => accounts.create('race@example.com', 'basic'));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses a malformed e-mail address', async () => {
    await expect(accounts.create('not an address', 'basic')).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('stores only the hash of a token', async () => {
    const { token } = await accounts.create('hash@example.com', 'basic');
    const [{ dump }] = await database.dataSource.query(
      `select string_agg(t::text, ' ') || (select string_agg(a::text, ' ') from accounts a) as dump
       from api_tokens t`,
    );
    expect(dump).not.toContain(token);
    expect(dump).not.toContain(Buffer.from(token).toString('hex'));
  });

  it('refuses wrong tokens, tokens of another account and malformed tokens', async () => {
    await accounts.create('wrong@example.com', 'basic');
    const { token: foreign } = await accounts.create('other@example.com', 'basic');
    for (const token of [newApiToken(), foreign, foreign.toUpperCase(), '', `${foreign}:junk`]) {
      expect(await accounts.authenticate('wrong@example.com', token)).toBeNull();
    }
  });

  it('runs the same statement for an unknown login as for a wrong token', async () => {
    await accounts.create('known@example.com', 'basic');
    const run = jest.spyOn(database.statements, 'run');
    const workFor = async (email: string): Promise<string[]> => {
      run.mockClear();
      expect(await accounts.authenticate(email, newApiToken())).toBeNull();
      return run.mock.calls.map(([statement]) => statement.name);
    };
    const known = await workFor('known@example.com');
    expect(known).toHaveLength(1);
    expect(await workFor('unknown@example.com')).toEqual(known);
    expect(await workFor(`${'x'.repeat(5000)} is no address`)).toEqual(known);
    run.mockRestore();
  });

  it('refuses a suspended account with the next request, and accepts it after it is resumed', async () => {
    const { token } = await accounts.create('pause@example.com', 'basic');
    expect(await accounts.authenticate('pause@example.com', token)).not.toBeNull();
    await accounts.suspend('Pause@example.com');
    expect(await accounts.authenticate('pause@example.com', token)).toBeNull();
    await accounts.resume('pause@example.com');
    expect(await accounts.authenticate('pause@example.com', token)).not.toBeNull();
  });

  it('changes a plan with the next request', async () => {
    const { token } = await accounts.create('plan@example.com', 'basic');
    expect(await accounts.changePlan('plan@example.com', 'identity_plus')).toMatchObject({
      plan: 'identity_plus',
    });
    expect(await accounts.authenticate('plan@example.com', token)).toMatchObject({
      account: { plan: 'identity_plus' },
    });
  });

  it('removes an account and its tokens, and its address can be used again', async () => {
    const { account, token } = await accounts.create('gone@example.com', 'basic');
    const closings = new ClosingStore(database.dataSource);
    expect(await closings.begin(account.id, COMMAND_LINE)).toBe(true);
    expect(await closings.begin(account.id, COMMAND_LINE)).toBe(false);
    expect(await accounts.authenticate('gone@example.com', token)).toBeNull();
    for (const change of [
      accounts.resume('gone@example.com'),
      accounts.suspend('gone@example.com'),
    ])
      await expect(change).rejects.toThrow(/is being removed/);
    await closings.finish(account.id);
    expect(await accounts.authenticate('gone@example.com', token)).toBeNull();
    expect(await tokensOf(account.id)).toBe(0);
    await accounts.create('gone@example.com', 'basic');
    expect(await accounts.authenticate('gone@example.com', token)).toBeNull();
  });

  it.each([
    ['get', () => accounts.get('nobody@example.com')],
    ['changePlan', () => accounts.changePlan('nobody@example.com', 'basic')],
    ['suspend', () => accounts.suspend('nobody@example.com')],
    ['resume', () => accounts.resume('nobody@example.com')],
  ])('throws not_found from %s for an unknown account', async (_, attempt) => {
    await expect(attempt()).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no account for nobody@example.com.',
    });
  });

  it('lists accounts by address', async () => {
    const emails = (await accounts.list()).map(({ email }) => email.toLowerCase());
    expect(emails).toContain('ann@example.com');
    expect(emails).toEqual(emails.toSorted());
  });

  describe('the rotation of the first token', () => {
    it('expires older tokens at once without an overlap', async () => {
      const { account, token: old } = await accounts.create('rotate@example.com', 'basic');
      const { token } = await rotate('Rotate@example.com', 0);
      expect(await accounts.authenticate('rotate@example.com', old)).toBeNull();
      expect(await accounts.authenticate('rotate@example.com', token)).not.toBeNull();
      expect(await tokensOf(account.id)).toBe(1);
    });

    it('keeps the older token valid for the overlap and no longer', async () => {
      const { account, token: old } = await accounts.create('overlap@example.com', 'basic');
      const { token } = await rotate('overlap@example.com', 3600);
      expect(await accounts.authenticate('overlap@example.com', old)).not.toBeNull();
      expect(await accounts.authenticate('overlap@example.com', token)).not.toBeNull();
      expect((await accounts.get('overlap@example.com')).tokens).toHaveLength(2);

      await letPass(account.id, 3599);
      expect(await accounts.authenticate('overlap@example.com', old)).not.toBeNull();
      await letPass(account.id, 1);
      expect(await accounts.authenticate('overlap@example.com', old)).toBeNull();
      expect(await accounts.authenticate('overlap@example.com', token)).not.toBeNull();
      expect((await accounts.get('overlap@example.com')).tokens).toHaveLength(1);
    });

    it('never extends the validity of an older token', async () => {
      const { account, token: old } = await accounts.create('least@example.com', 'basic');
      await rotate('least@example.com', 60);
      await rotate('least@example.com', 86_400);
      await letPass(account.id, 60);
      expect(await accounts.authenticate('least@example.com', old)).toBeNull();
    });

    it('leaves one token without an expiry when several rotations run at once', async () => {
      const { account } = await accounts.create('both@example.com', 'basic');
      await Promise.all([
        rotate('both@example.com', 60),
        rotate('both@example.com', 60),
        rotate('both@example.com', 60),
      ]);
      const { tokens } = await accounts.get('both@example.com');
      expect(tokens.filter(({ expiresAt }) => expiresAt === null)).toHaveLength(1);
      expect(tokens.filter(({ replacedBy }) => replacedBy === null)).toHaveLength(1);
      expect(await tokensOf(account.id)).toBe(4);
    });
  });

  async function rotate(email: string, overlapSeconds: number): Promise<{ token: string }> {
    const { id } = await accounts.get(email);
    const tokens = tokensIn(database);
    const tokenId = await tokens.idOf(id, 'default');
    return { token: (await tokens.rotate(id, tokenId, { overlapSeconds }, OPERATOR)).value };
  }

  async function tokensOf(accountId: string): Promise<number> {
    const [{ count }] = await database.dataSource.query(
      'select count(*)::int as count from api_tokens where account_id = $1',
      [accountId],
    );
    return count;
  }

  /** Moves the expiry of an account's tokens into the past, as if `seconds` had passed. */
  async function letPass(accountId: string, seconds: number): Promise<void> {
    await database.dataSource.query(
      `update api_tokens set expires_at = expires_at - make_interval(secs => $2)
       where account_id = $1`,
      [accountId, seconds],
    );
  }
});
