import type { EntityManager } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import type { AccountId } from './account.js';
import { AccountEntity } from './account.entity.js';
import type { Actor } from './activity/activity.js';
import { ApiTokenEntity } from './tokens/api-token.entity.js';

/**
 * Locks an account until the transaction ends: of two changes at once, the later sees what the earlier has done. Lines of
 * activity are written beside it. Throws AppError `not_found` when the account is gone or closing, and `not_authorized`
 * when the actor's token has been revoked since it signed in.
 */
export async function lockAccount(
  manager: EntityManager,
  id: AccountId,
  actor: Pick<Actor, 'tokenId'>,
): Promise<AccountEntity> {
  const account = await manager.getRepository(AccountEntity).findOne({
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  if (account === null || account.state === 'closing')
    throw new AppError('not_found', 'There is no such account.');
  await requireToken(manager, actor);
  return account;
}

/** Call it with the account locked: a revocation that has been answered ends the changes that are still on their way. */
export async function requireToken(
  manager: EntityManager,
  { tokenId }: Pick<Actor, 'tokenId'>,
): Promise<void> {
  if (tokenId === null) return;
  if (!(await manager.getRepository(ApiTokenEntity).existsBy({ id: tokenId })))
    throw new AppError('not_authorized', 'Not authorized');
}
