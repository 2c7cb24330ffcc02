import { Injectable } from '@nestjs/common';
import type { AccountRecord } from '../../accounts/account-details.js';
import { AccountsService, type IssuedToken } from '../../accounts/accounts.service.js';
import { CellConfig } from '../../config/cell-config.js';
import { AccountRemoval } from '../../secrets/account-removal.js';
import { AppError } from '../../shared/app-error.js';
import { accountActor, adminRoute, AdminRoutes, type AdminInput } from '../admin-operation.js';
import {
  CHANGE_LANGUAGE,
  CHANGE_PLAN,
  CREATE_ACCOUNT,
  GET_ACCOUNT,
  LIST_ACCOUNTS,
  REMOVE_ACCOUNT,
  RESUME_ACCOUNT,
  SUSPEND_ACCOUNT,
  type AccountAnswer,
} from './account-operations.js';
import { presentAccountToken } from './token-routes.js';

@Injectable()
export class AccountRoutes extends AdminRoutes {
  constructor(
    private readonly config: CellConfig,
    private readonly accounts: AccountsService,
    private readonly removal: AccountRemoval,
  ) {
    super();
  }

  readonly routes = [
    adminRoute(LIST_ACCOUNTS, ({ query }) => this.#list(query)),
    adminRoute(CREATE_ACCOUNT, async ({ body }, actor) =>
      this.#issued(
        await this.accounts.create(body.email, body.plan, accountActor(actor), body.language),
      ),
    ),
    adminRoute(GET_ACCOUNT, async ({ params }) => {
      const account = await this.accounts.get(params.email);
      const tokens = account.tokens
        .filter(({ replacedBy }) => replacedBy === null)
        .map((token) => presentAccountToken(token, account.tokens));
      return { ...this.#present(account), tokens };
    }),
    adminRoute(CHANGE_PLAN, async ({ params, body }, actor) =>
      this.#present(await this.accounts.changePlan(params.email, body.plan, accountActor(actor))),
    ),
    adminRoute(CHANGE_LANGUAGE, async ({ params, body }, actor) =>
      this.#present(
        await this.accounts.changeLanguage(params.email, body.language, accountActor(actor)),
      ),
    ),
    adminRoute(SUSPEND_ACCOUNT, async ({ params }, actor) =>
      this.#present(await this.accounts.suspend(params.email, accountActor(actor))),
    ),
    adminRoute(RESUME_ACCOUNT, async ({ params }, actor) =>
      this.#present(await this.accounts.resume(params.email, accountActor(actor))),
    ),
    adminRoute(REMOVE_ACCOUNT, async ({ params }, actor) => {
      const { email } = await this.removal.remove(params.email, accountActor(actor));
      return { email, region: this.config.region, removed: true as const };
    }),
  ];

  async #list({ email, limit, cursor }: AdminInput<typeof LIST_ACCOUNTS>['query']) {
    if (email !== undefined) {
      const found = await this.#find(email);
      return { accounts: found.map((each) => this.#present(each)), next_cursor: null };
    }
    const { accounts, nextCursor } = await this.accounts.page(limit, cursor);
    return { accounts: accounts.map((each) => this.#present(each)), next_cursor: nextCursor };
  }

  async #find(email: string): Promise<AccountRecord[]> {
    try {
      return [await this.accounts.get(email)];
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return [];
      throw error;
    }
  }

  #issued({ account, token }: IssuedToken): { account: AccountAnswer; token: string } {
    return { account: this.#present(account), token };
  }

  #present({ createdAt, updatedAt, ...account }: AccountRecord): AccountAnswer {
    const { id, email, plan, state, language } = account;
    return {
      id,
      email,
      plan,
      state,
      language,
      region: this.config.region,
      created_at: createdAt.toISOString(),
      updated_at: updatedAt.toISOString(),
    };
  }
}
