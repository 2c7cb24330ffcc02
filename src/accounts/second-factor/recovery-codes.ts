import type { EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import { hashConfirmationCode, newConfirmationCode } from '../email-change/confirmation-code.js';

export const RECOVERY_CODES = 10;

/** Voids the codes before. The new ones are shown this once: only their hashes are stored. */
export async function renewRecoveryCodes(
  manager: EntityManager,
  accountId: AccountId,
): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newConfirmationCode);
  await manager.query('delete from recovery_codes where account_id = $1', [accountId]);
  await manager.query(
    'insert into recovery_codes (account_id, code_hash) select $1, unnest($2::bytea[])',
    [accountId, codes.map(hashConfirmationCode)],
  );
  return codes;
}

/** Uses a code up. Null when it is none of the account's, or was used. Returns how many are left. */
export async function takeRecoveryCode(
  manager: EntityManager,
  accountId: AccountId,
  code: string,
): Promise<number | null> {
  const [, taken] = await manager.query<[unknown[], number]>(
    'delete from recovery_codes where account_id = $1 and code_hash = $2',
    [accountId, hashConfirmationCode(code)],
  );
  return taken === 0 ? null : countRecoveryCodes(manager, accountId);
}

export async function countRecoveryCodes(
  manager: EntityManager,
  accountId: AccountId,
): Promise<number> {
  const [row] = await manager.query<[{ count: number }]>(
    'select count(*)::int as count from recovery_codes where account_id = $1',
    [accountId],
  );
  return row.count;
}
