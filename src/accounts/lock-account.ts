import type { EntityManager } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import type { AccountId } from './account.js';
import { AccountEntity } from './account.entity.js';

/**
 * Locks an account until the transaction ends: of two changes at once, the later sees what the earlier has done. Throws
 * AppError `not_found` when the account is gone or closing.
 */
export async function lockAccount(manager: EntityManager, id: AccountId): Promise<AccountEntity> {
  const account = await manager.getRepository(AccountEntity).findOne({
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  if (account === null || account.state === 'closing')
    throw new AppError('not_found', 'There is no such account.');
  return account;
}
