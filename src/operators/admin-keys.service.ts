import { Injectable } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { AppError } from '../shared/app-error.js';
import {
  ADMIN_SCOPES,
  adminKeyText,
  hashAdminSecret,
  matchesAdminSecret,
  newAdminKey,
  type AdminKeyText,
  type AdminScope,
  type PresentedKey,
} from './admin-key.js';
import { AdminKeyStore, type AdminKeyRecord, type AdminKeyState } from './admin-key.store.js';

export interface AdminKeyRequest {
  readonly name: string;
  readonly scopes: readonly AdminScope[];
  readonly lifetimeSeconds: number;
}

/** The only object with a key in clear: afterwards only the hash of its secret exists. */
export interface IssuedAdminKey {
  readonly record: AdminKeyRecord;
  readonly key: AdminKeyText;
}

/** The key behind a request. Its secret was right. */
export interface VerifiedKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly AdminScope[];
  readonly state: AdminKeyState;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** The keys of the operator's API in one region, by name. */
@Injectable()
export class AdminKeysService {
  constructor(private readonly store: AdminKeyStore) {}

  /**
   * The key that was presented, also one that has expired or was revoked: its holder is known. Null for an unknown id
   * and for a wrong secret, which cost the same. Nothing is cached: a revocation takes effect with the next request.
   */
  async verify({ id, secret }: PresentedKey): Promise<VerifiedKey | null> {
    const found = await this.store.find(id);
    const matches = matchesAdminSecret(secret, found?.secretHash ?? null);
    if (found === null || !matches) return null;
    const { name, scopes, state } = found;
    return { id, name, scopes, state };
  }

  /** Throws AppError `invalid_request` for a malformed name and for one that is in use. */
  async create({ name, scopes, lifetimeSeconds }: AdminKeyRequest): Promise<IssuedAdminKey> {
    if (!NAME.test(name))
      throw new AppError(
        'invalid_request',
        'The name of a key has up to 63 lower-case letters, digits, dots, hyphens and underscores.',
        { field: 'name' },
      );
    const key = newAdminKey();
    try {
      const secretHash = hashAdminSecret(key.secret);
      const unique = ADMIN_SCOPES.filter((scope) => scopes.includes(scope));
      await this.store.insert({ id: key.id, name, scopes: unique, secretHash, lifetimeSeconds });
    } catch (cause) {
      if (!isDuplicateName(cause)) throw cause;
      const message = `There is already a key named ${name}. Revoke it first, or choose another name.`;
      throw new AppError('invalid_request', message, { field: 'name', cause });
    }
    const record = (await this.store.list()).find(({ id }) => id === key.id);
    if (record === undefined) throw new Error('the new key is gone');
    return { record, key: adminKeyText(key) };
  }

  list(): Promise<AdminKeyRecord[]> {
    return this.store.list();
  }

  /** Throws AppError `not_found`. The key is refused from the next request on. */
  async revoke(name: string): Promise<void> {
    if (!(await this.store.revoke(name)))
      throw new AppError('not_found', `There is no key named ${name}.`);
  }
}

function isDuplicateName(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'admin_keys_name_key';
}
