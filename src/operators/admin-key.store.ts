import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Statements, type Statement } from '../database/statements.js';
import type { AdminScope } from './admin-key.js';
import { AdminKeyEntity } from './admin-key.entity.js';

export type AdminKeyState = 'active' | 'expired' | 'revoked';

/** What may be shown of a key: never its secret or the hash. Instants are of the database's clock. */
export interface AdminKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly AdminScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly state: AdminKeyState;
  /** The last operation by it; null: none. */
  readonly lastUsedAt: Date | null;
}

export interface AdminCredentials {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly AdminScope[];
  readonly secretHash: Buffer;
  readonly state: AdminKeyState;
}

export interface NewAdminKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly AdminScope[];
  readonly secretHash: Buffer;
  readonly lifetimeSeconds: number;
}

const STATE = `case when revoked_at is not null then 'revoked'
  when expires_at <= now() then 'expired' else 'active' end`;

const FIND: Statement = {
  name: 'admin-key-credentials',
  text: `
    select id, name, scopes, secret_hash as "secretHash", ${STATE} as state
    from admin_keys where id = $1`,
};

const LIST: Statement = {
  name: 'admin-keys-list',
  text: `
    select id, name, scopes, created_at as "createdAt", expires_at as "expiresAt",
      revoked_at as "revokedAt", ${STATE} as state,
      (select at from admin_audit where key_id = admin_keys.id order by admin_audit.id desc limit 1)
        as "lastUsedAt"
    from admin_keys order by created_at desc, id`,
};

@Injectable()
export class AdminKeyStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  async find(id: string): Promise<AdminCredentials | null> {
    const [row] = await this.statements.run<AdminCredentials>(FIND, [id]);
    return row ?? null;
  }

  /** Newest first, with those that have ended. */
  list(): Promise<AdminKeyRecord[]> {
    return this.statements.run<AdminKeyRecord>(LIST, []);
  }

  async insert({ lifetimeSeconds, scopes, ...key }: NewAdminKey): Promise<void> {
    await this.dataSource.manager
      .createQueryBuilder()
      .insert()
      .into(AdminKeyEntity)
      .values({
        ...key,
        scopes: [...scopes],
        expiresAt: () => 'now() + make_interval(secs => :lifetimeSeconds)',
      })
      .setParameters({ lifetimeSeconds })
      .execute();
  }

  /** Returns whether there was a key of that name to revoke. */
  async revoke(name: string): Promise<boolean> {
    const { affected } = await this.dataSource.manager.update(
      AdminKeyEntity,
      { name, revokedAt: IsNull() },
      { revokedAt: () => 'now()' },
    );
    return affected === 1;
  }
}
