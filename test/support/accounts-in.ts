import { AccountStore } from '../../src/accounts/account.store.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { TokenStore } from '../../src/accounts/tokens/token.store.js';
import { TokensService } from '../../src/accounts/tokens/tokens.service.js';
import type { TestDatabase } from './test-database.js';

/** The accounts of a test's database, without a Nest application. */
export function accountsIn({ dataSource, statements }: TestDatabase): AccountsService {
  return new AccountsService(new AccountStore(statements, dataSource), tokensIn({ dataSource }));
}

export function tokensIn({ dataSource }: Pick<TestDatabase, 'dataSource'>): TokensService {
  return new TokensService(new TokenStore(dataSource));
}
