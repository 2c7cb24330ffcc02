import { AccountEntity } from '../../src/accounts/account.entity.js';
import { AccountStore } from '../../src/accounts/account.store.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { ApiTokenEntity } from '../../src/accounts/api-token.entity.js';
import type { TestDatabase } from './test-database.js';

/** The accounts of a test's database, without a Nest application. */
export function accountsIn({ dataSource, statements }: TestDatabase): AccountsService {
  const accounts = dataSource.getRepository(AccountEntity);
  const tokens = dataSource.getRepository(ApiTokenEntity);
  return new AccountsService(new AccountStore(statements, accounts, tokens));
}
