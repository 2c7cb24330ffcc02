import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RootSealed } from '../../config/root-box.js';
import { Clock } from '../../shared/clock.js';
import type { AccountId } from '../account.js';
import { newTotpSecret, totpCounter } from './totp.js';
import { TotpVault } from './totp-vault.js';

interface StoredFactor extends RootSealed {
  readonly confirmedAt: Date | null;
}

const FIND = `
  select sealed_secret as "sealed", key_version as "keyVersion", confirmed_at as "confirmedAt"
  from second_factors where account_id = $1`;

// One that counts stays.
const BEGIN = `
  insert into second_factors as known (account_id, sealed_secret, key_version) values ($1, $2, $3)
  on conflict (account_id) do update
  set sealed_secret = excluded.sealed_secret, key_version = excluded.key_version
  where known.confirmed_at is null`;

// A code counts once. The secret is sealed by the root key of today.
const USE = `
  update second_factors
  set last_counter = $2, confirmed_at = coalesce(confirmed_at, now()), sealed_secret = $3, key_version = $4
  where account_id = $1 and (last_counter is null or last_counter < $2)`;

/** The authenticator apps of accounts. Callers that change something have locked the account. */
@Injectable()
export class SecondFactorStore {
  constructor(
    private readonly vault: TotpVault,
    private readonly clock: Clock,
  ) {}

  /** When it began to count; null: the account has none, or none that counts. */
  async confirmedAt(manager: EntityManager, accountId: AccountId): Promise<Date | null> {
    return (await find(manager, accountId))?.confirmedAt ?? null;
  }

  /** A new secret in place of one that never counted. Null when there is one that counts. */
  async begin(manager: EntityManager, accountId: AccountId): Promise<string | null> {
    const secret = newTotpSecret();
    const { sealed, keyVersion } = this.vault.seal(accountId, secret);
    const values = [accountId, sealed, keyVersion];
    const rows = await manager.query<unknown[]>(`${BEGIN} returning 1`, values);
    return rows.length === 1 ? secret : null;
  }

  /** The secret that no code has confirmed yet; null: there is none. */
  async unconfirmed(manager: EntityManager, accountId: AccountId): Promise<string | null> {
    const stored = await find(manager, accountId);
    if (stored === null || stored.confirmedAt !== null) return null;
    return this.vault.open(accountId, stored);
  }

  /** Whether a code is right and was not used. From the first on, the app counts. @param code six digits */
  async use(
    manager: EntityManager,
    accountId: AccountId,
    code: string,
    isConfirmed: boolean,
  ): Promise<boolean> {
    const stored = await find(manager, accountId);
    if (stored === null || (stored.confirmedAt !== null) !== isConfirmed) return false;
    const secret = this.vault.open(accountId, stored);
    if (secret === null) return false;
    const counter = totpCounter(secret, code, this.clock.now());
    if (counter === null) return false;
    const { sealed, keyVersion } = this.vault.seal(accountId, secret);
    const values = [accountId, counter, sealed, keyVersion];
    const [, used] = await manager.query<[unknown[], number]>(USE, values);
    return used === 1;
  }

  /** With its recovery codes. False when there was none that counts. */
  async remove(manager: EntityManager, accountId: AccountId): Promise<boolean> {
    await manager.query('delete from recovery_codes where account_id = $1', [accountId]);
    const [removed] = await manager.query<[StoredFactor[], number]>(
      'delete from second_factors where account_id = $1 returning confirmed_at as "confirmedAt"',
      [accountId],
    );
    return removed.some(({ confirmedAt }) => confirmedAt !== null);
  }
}

async function find(manager: EntityManager, accountId: AccountId): Promise<StoredFactor | null> {
  const [row] = await manager.query<StoredFactor[]>(FIND, [accountId]);
  return row ?? null;
}
