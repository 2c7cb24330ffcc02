import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Statements, type Statement } from '../database/statements.js';
import type { Account, AccountId } from './account.js';
import { AccountEntity } from './account.entity.js';
import { ApiTokenEntity } from './api-token.entity.js';
import type { EmailAddress, EmailKey } from './email-address.js';
import type { AccountPlan } from './plans.js';

/** What sign-in needs to know: the account and the hashes of its valid tokens. */
export interface AccountCredentials extends Account {
  readonly tokenHashes: readonly Buffer[];
}

export interface NewAccount {
  readonly email: EmailAddress;
  readonly emailKey: EmailKey;
  readonly plan: AccountPlan;
}

const FIND_CREDENTIALS: Statement = {
  name: 'account-credentials',
  text: `
    select id, email, plan, state, array(
      select token_hash from api_tokens
      where account_id = accounts.id and (expires_at is null or expires_at > now())
    ) as "tokenHashes"
    from accounts where email_key = $1`,
};

@Injectable()
export class AccountStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  /** One round trip; on the path of every request that signs in. */
  async findCredentials(emailKey: EmailKey): Promise<AccountCredentials | null> {
    const [row] = await this.statements.run<AccountCredentials>(FIND_CREDENTIALS, [emailKey]);
    return row ?? null;
  }

  find(emailKey: EmailKey): Promise<AccountEntity | null> {
    return this.dataSource.manager.findOneBy(AccountEntity, { emailKey });
  }

  list(): Promise<AccountEntity[]> {
    return this.dataSource.manager.find(AccountEntity, { order: { emailKey: 'asc' } });
  }

  listValidTokens(accountId: AccountId): Promise<ApiTokenEntity[]> {
    return this.dataSource.manager
      .createQueryBuilder(ApiTokenEntity, 'token')
      .where('token.account_id = :accountId', { accountId })
      .andWhere('(token.expires_at is null or token.expires_at > now())')
      .orderBy('token.created_at')
      .getMany();
  }

  /** Account and first token, or neither. */
  insert(account: NewAccount, tokenHash: Buffer): Promise<AccountEntity> {
    return this.dataSource.transaction(async (manager) => {
      const saved = await manager.save(manager.create(AccountEntity, account));
      await manager.insert(ApiTokenEntity, { accountId: saved.id, tokenHash });
      return saved;
    });
  }

  /** Returns whether there was such an account. */
  async update(
    emailKey: EmailKey,
    changes: Partial<Pick<AccountEntity, 'plan' | 'state'>>,
  ): Promise<boolean> {
    const { affected } = await this.dataSource.manager.update(AccountEntity, { emailKey }, changes);
    return affected === 1;
  }

  /** Adds a token; the ones before it stay valid for `overlapSeconds` more, or for what they had left if that is less. */
  async rotateToken(
    accountId: AccountId,
    tokenHash: Buffer,
    overlapSeconds: number,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // Two rotations at once would not see, and so not end, each other's token.
      await lockAccount(manager, accountId);
      await manager
        .createQueryBuilder()
        .update(ApiTokenEntity)
        .set({
          expiresAt: () => 'least(expires_at, now() + make_interval(secs => :overlapSeconds))',
        })
        .where('account_id = :accountId', { accountId, overlapSeconds })
        .execute();
      await manager
        .createQueryBuilder()
        .delete()
        .from(ApiTokenEntity)
        .where('account_id = :accountId and expires_at <= now()', { accountId })
        .execute();
      await manager.insert(ApiTokenEntity, { accountId, tokenHash });
    });
  }

  /** With its tokens. Returns whether there was such an account. */
  async delete(emailKey: EmailKey): Promise<boolean> {
    const { affected } = await this.dataSource.manager.delete(AccountEntity, { emailKey });
    return affected === 1;
  }
}

async function lockAccount(manager: EntityManager, id: AccountId): Promise<void> {
  await manager.findOne(AccountEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}
