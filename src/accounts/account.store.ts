import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Raw, type Repository } from 'typeorm';
import { Statements, type Statement } from '../database/statements.js';
import type { Account, AccountId } from './account.js';
import { AccountEntity } from './account.entity.js';
import { ApiTokenEntity } from './api-token.entity.js';
import type { EmailAddress, EmailKey } from './email-address.js';
import type { AccountPlan } from './plans.js';

/** An account and the hashes of its valid tokens. */
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
    from accounts where email_key = $1 or id = $2`,
};

@Injectable()
export class AccountStore {
  constructor(
    private readonly statements: Statements,
    @InjectRepository(AccountEntity) private readonly accounts: Repository<AccountEntity>,
    @InjectRepository(ApiTokenEntity) private readonly tokens: Repository<ApiTokenEntity>,
  ) {}

  /** By either of the two. One prepared statement: every request with credentials runs it. */
  async findCredentials(
    emailKey: EmailKey,
    id: AccountId | null,
  ): Promise<AccountCredentials | null> {
    const [row] = await this.statements.run<AccountCredentials>(FIND_CREDENTIALS, [emailKey, id]);
    return row ?? null;
  }

  find(emailKey: EmailKey): Promise<AccountEntity | null> {
    return this.accounts.findOneBy({ emailKey });
  }

  list(): Promise<AccountEntity[]> {
    return this.accounts.find({ order: { emailKey: 'asc' } });
  }

  /** The oldest first. */
  listValidTokens(accountId: AccountId): Promise<ApiTokenEntity[]> {
    return this.tokens.find({
      where: [
        { accountId, expiresAt: IsNull() },
        { accountId, expiresAt: Raw((column) => `${column} > now()`) },
      ],
      order: { createdAt: 'asc' },
    });
  }

  /** The account and its first token, in one transaction. */
  insert(account: NewAccount, tokenHash: Buffer): Promise<AccountEntity> {
    return this.accounts.manager.transaction(async (manager) => {
      const accounts = manager.withRepository(this.accounts);
      const saved = await accounts.save(accounts.create(account));
      await manager.withRepository(this.tokens).insert({ accountId: saved.id, tokenHash });
      return saved;
    });
  }

  /** Does nothing when the account does not exist. */
  async update(
    emailKey: EmailKey,
    changes: Partial<Pick<AccountEntity, 'plan' | 'state'>>,
  ): Promise<void> {
    await this.accounts.update({ emailKey }, changes);
  }

  /** Adds a token. Older tokens expire after `overlapSeconds`, or earlier if they would have anyway. */
  async rotateToken(
    accountId: AccountId,
    tokenHash: Buffer,
    overlapSeconds: number,
  ): Promise<void> {
    await this.accounts.manager.transaction(async (manager) => {
      // Locks the account's row: of two rotations at once, the later must see and expire the token of the earlier.
      await manager.withRepository(this.accounts).findOne({
        where: { id: accountId },
        lock: { mode: 'pessimistic_write' },
      });
      const tokens = manager.withRepository(this.tokens);
      await tokens
        .createQueryBuilder()
        .update()
        .set({
          expiresAt: () => 'least(expires_at, now() + make_interval(secs => :overlapSeconds))',
        })
        .where({ accountId })
        .setParameters({ overlapSeconds })
        .execute();
      await tokens.delete({ accountId, expiresAt: Raw((column) => `${column} <= now()`) });
      await tokens.insert({ accountId, tokenHash });
    });
  }

  /** Deletes the account and its tokens. Returns whether the account existed. */
  async delete(emailKey: EmailKey): Promise<boolean> {
    const { affected } = await this.accounts.delete({ emailKey });
    return affected === 1;
  }
}
