import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../account.js';

const SESSIONS = `
  select id, method, second_factor as "secondFactor", agent, network, signed_in_at as "signedInAt",
    last_seen_at as "lastSeenAt", last_seen_from as "lastSeenFrom", expires_at as "expiresAt"
  from sessions where account_id = $1 order by signed_in_at, id`;

const PASSKEYS = `
  select id, name, created_at as "createdAt", last_used_on::text as "lastUsedOn", transports
  from passkeys where account_id = $1 order by created_at, id`;

const FACTORS = `
  select 'password' as kind, changed_at as since, null::int as "codesLeft"
  from account_passwords where account_id = $1
  union all
  select 'totp', confirmed_at, (select count(*)::int from recovery_codes where account_id = $1)
  from second_factors where account_id = $1
  union all
  select 'link', expires_at - interval '1 hour', null from account_links where account_id = $1`;

/** What is kept about how an account is signed in to, for its owner: no hash, key or secret. Each list is short. */
@Injectable()
export class SignInExport {
  constructor(private readonly dataSource: DataSource) {}

  sessions(accountId: AccountId): Promise<object[]> {
    return this.dataSource.query<object[]>(SESSIONS, [accountId]);
  }

  passkeys(accountId: AccountId): Promise<object[]> {
    return this.dataSource.query<object[]>(PASSKEYS, [accountId]);
  }

  /** Password, authenticator app and links that were mailed. */
  factors(accountId: AccountId): Promise<object[]> {
    return this.dataSource.query<object[]>(FACTORS, [accountId]);
  }
}
