import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import type { NewCredential, PasskeyId, PasskeyRecord, StoredCredential } from './passkey.js';

const RECORD = `id, name, created_at as "createdAt", last_used_on::text as "lastUsedOn"`;

const FIND = `
  select id, account_id as "accountId", credential_id as "credentialId", public_key as "publicKey",
    counter::float8 as counter, transports
  from passkeys where credential_id = $1`;

const INSERT = `
  insert into passkeys (account_id, credential_id, public_key, counter, transports, name)
  values ($1, $2, $3, $4, $5, $6) on conflict (credential_id) do nothing returning ${RECORD}`;

// Synced passkeys count nothing and stay at 0. Any other must have counted on: else it was copied.
const USE = `
  update passkeys set counter = $3, last_used_on = (now() at time zone 'utc')::date
  where account_id = $1 and id = $2 and (counter < $3 or (counter = 0 and $3 = 0))`;

/** The passkeys of accounts. */
@Injectable()
export class PasskeyStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The oldest first. */
  list(accountId: AccountId): Promise<PasskeyRecord[]> {
    return this.dataSource.query<PasskeyRecord[]>(
      `select ${RECORD} from passkeys where account_id = $1 order by created_at, id`,
      [accountId],
    );
  }

  /** In base64url. */
  async credentialIds(accountId: AccountId): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: Buffer }[]>(
      'select credential_id as id from passkeys where account_id = $1',
      [accountId],
    );
    return rows.map(({ id }) => id.toString('base64url'));
  }

  async find(credentialId: Buffer): Promise<StoredCredential | null> {
    const [row] = await this.dataSource.query<StoredCredential[]>(FIND, [credentialId]);
    return row ?? null;
  }
}

/** Null when the credential is known already. */
export async function insertPasskey(
  manager: EntityManager,
  accountId: AccountId,
  name: string,
  { credentialId, publicKey, counter, transports }: NewCredential,
): Promise<PasskeyRecord | null> {
  const values = [accountId, credentialId, publicKey, counter, [...transports], name];
  const [row] = await manager.query<PasskeyRecord[]>(INSERT, values);
  return row ?? null;
}

export async function countPasskeys(manager: EntityManager, accountId: AccountId): Promise<number> {
  const [row] = await manager.query<[{ count: number }]>(
    'select count(*)::int as count from passkeys where account_id = $1',
    [accountId],
  );
  return row.count;
}

/** Null when there is no such passkey. */
export async function deletePasskey(
  manager: EntityManager,
  accountId: AccountId,
  id: PasskeyId,
): Promise<PasskeyRecord | null> {
  const [[row]] = await manager.query<[PasskeyRecord[], number]>(
    `delete from passkeys where account_id = $1 and id = $2 returning ${RECORD}`,
    [accountId, id],
  );
  return row ?? null;
}

/** Null when there is no such passkey. */
export async function renamePasskey(
  manager: EntityManager,
  accountId: AccountId,
  id: PasskeyId,
  name: string,
): Promise<PasskeyRecord | null> {
  const [[row]] = await manager.query<[PasskeyRecord[], number]>(
    `update passkeys set name = $3 where account_id = $1 and id = $2 returning ${RECORD}`,
    [accountId, id, name],
  );
  return row ?? null;
}

/** False when it was removed, or its counter did not go on. */
export async function usePasskey(
  manager: EntityManager,
  { accountId, id }: Pick<StoredCredential, 'accountId' | 'id'>,
  counter: number,
): Promise<boolean> {
  const [, used] = await manager.query<[unknown[], number]>(USE, [accountId, id, counter]);
  return used === 1;
}
