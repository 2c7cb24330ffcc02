import type { EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import type { PasswordHash } from './password-hashes.js';

export const PASSWORD_COLUMNS =
  'p.hash, p.salt, p.memory, p.passes, p.parallelism, p.changed_at as "changedAt"';

export interface StoredPassword extends PasswordHash {
  readonly changedAt: Date;
}

const UPSERT = `
  insert into account_passwords (account_id, hash, salt, memory, passes, parallelism)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (account_id) do update set hash = excluded.hash, salt = excluded.salt, memory = excluded.memory,
    passes = excluded.passes, parallelism = excluded.parallelism, changed_at = now()`;

// The password is the same: it did not change.
const REHASH = `
  update account_passwords set hash = $2, salt = $3, memory = $4, passes = $5, parallelism = $6
  where account_id = $1 and hash = $7`;

/** The caller has locked the account. */
export async function storePassword(
  manager: EntityManager,
  accountId: AccountId,
  password: PasswordHash,
): Promise<void> {
  await manager.query(UPSERT, valuesOf(accountId, password));
}

/** Stores the same password with the parameters of today, unless it was changed meanwhile. */
export async function rehashPassword(
  manager: EntityManager,
  accountId: AccountId,
  old: PasswordHash,
  renewed: PasswordHash,
): Promise<void> {
  await manager.query(REHASH, [...valuesOf(accountId, renewed), old.hash]);
}

export async function findPassword(
  manager: EntityManager,
  accountId: AccountId,
): Promise<StoredPassword | null> {
  const [row] = await manager.query<StoredPassword[]>(
    `select ${PASSWORD_COLUMNS} from account_passwords p where p.account_id = $1`,
    [accountId],
  );
  return row ?? null;
}

function valuesOf(accountId: AccountId, password: PasswordHash): unknown[] {
  const { hash, salt, memory, passes, parallelism } = password;
  return [accountId, hash, salt, memory, passes, parallelism];
}
