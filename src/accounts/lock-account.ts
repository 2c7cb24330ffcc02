import type { EntityManager } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import type { AccountId } from './account.js';
import { AccountEntity } from './account.entity.js';
import type { Actor } from './activity/activity.js';
import { ApiTokenEntity } from './tokens/api-token.entity.js';

type SignedInActor = Pick<Actor, 'tokenId' | 'sessionId'>;

/**
 * Locks an account until the transaction ends: of two changes at once, the later sees what the earlier has done. Lines of
 * activity are written beside it. Throws AppError `not_found` when the account is gone or closing, and `not_authorized`
 * when the actor's token or session has been revoked since it signed in.
 */
export async function lockAccount(
  manager: EntityManager,
  id: AccountId,
  actor: SignedInActor,
): Promise<AccountEntity> {
  const account = await manager.getRepository(AccountEntity).findOne({
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  if (account === null || account.state === 'closing')
    throw new AppError('not_found', 'There is no such account.');
  await requireSignedIn(manager, actor);
  return account;
}

/** Call it with the account locked: a revocation that has been answered ends the changes that are still on their way. */
export async function requireSignedIn(
  manager: EntityManager,
  { tokenId, sessionId }: SignedInActor,
): Promise<void> {
  if (tokenId !== null && !(await manager.getRepository(ApiTokenEntity).existsBy({ id: tokenId })))
    throw revoked();
  if (sessionId === undefined) return;
  const sessions = await manager.query<unknown[]>('select 1 from sessions where id = $1', [
    sessionId,
  ]);
  if (sessions.length === 0) throw revoked();
}

function revoked(): AppError {
  return new AppError('not_authorized', 'Not authorized');
}
