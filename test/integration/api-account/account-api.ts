import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccountId } from '../../../src/accounts/account.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { ActivityStore } from '../../../src/accounts/activity/activity.store.js';
import { ClosingConfirmations } from '../../../src/accounts/closing/closing-confirmation.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import {
  AccountMail,
  type AccountMessage,
} from '../../../src/accounts/email-change/account-mail.js';
import { EmailChangeStore } from '../../../src/accounts/email-change/email-change.store.js';
import { EmailChanges } from '../../../src/accounts/email-change/email-changes.service.js';
import type { AccountPlan } from '../../../src/accounts/plans.js';
import type { TokenScope } from '../../../src/accounts/tokens/token-scope.js';
import { OPERATOR, TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import { AccountTokensController } from '../../../src/api/account/account-tokens.controller.js';
import { AccountController } from '../../../src/api/account/account.controller.js';
import { AccountClosingController } from '../../../src/api/account/account-closing.controller.js';
import { AccountClosing } from '../../../src/secrets/account-closing.js';
import { AccountEmailController } from '../../../src/api/account/account-email.controller.js';
import { AccountWebhooksController } from '../../../src/api/account/account-webhooks.controller.js';
import { IdempotencyKeys } from '../../../src/api/domains/idempotency-keys.js';
import { AccountExportController } from '../../../src/api/account/account-export.controller.js';
import { AccountExport } from '../../../src/api/account/account-export.js';
import { AccountSettings } from '../../../src/accounts/settings/account-settings.js';
import { SignInExport } from '../../../src/accounts/sign-in/sign-in-export.js';
import { ExportedSignIn } from '../../../src/api/account/exported-sign-in.js';
import { ExportedDomains } from '../../../src/api/account/exported-domains.js';
import { ExportedRooms } from '../../../src/api/account/exported-rooms.js';
import { parseBasicCredentials } from '../../../src/auth/basic-credentials.js';
import { CertificatesService } from '../../../src/certificates/certificates.service.js';
import { DomainImages } from '../../../src/brand/images/domain-images.js';
import { DomainExport } from '../../../src/domains/claims/domain-export.js';
import type { Domain } from '../../../src/domains/domain.js';
import { DomainsService } from '../../../src/domains/domains.service.js';
import { ReceiptExport } from '../../../src/secrets/receipt-export.js';
import { ReceiptStore } from '../../../src/secrets/receipt.store.js';
import { MailRefusals } from '../../../src/mail/mail-refusals.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import { startInMemoryApp } from '../../fakes/in-memory-app.js';
import { TENANT } from '../../fakes/sample-values.js';
import { accountsIn, tokensIn } from '../../support/accounts-in.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { WebhooksService } from '../../../src/webhooks/webhooks.service.js';
import { until } from '../../support/until.js';
import { MAIL_CELL } from '../mail/mail-room.js';
import { openRoom, type Room } from '../domains/support.js';
import { openWebhookRoom } from '../webhooks/webhook-room.js';

export const CUSTOM_HOST = requireHostname('serving.example.com');
export const NETWORK = '127.0.0.0/24';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Json = Record<string, unknown>;

/** An account of a test and the login of one of its tokens. */
export interface Customer {
  readonly id: AccountId;
  readonly email: string;
  readonly token: string;
}

export interface Shot {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Keeps what it accepts. */
export class FakeAccountMail extends AccountMail {
  isConfigured = true;
  readonly accepted: AccountMessage[] = [];

  override async accept(_manager: unknown, message: AccountMessage): Promise<void> {
    this.accepted.push(message);
  }
}

let customers = 0;

/** The account's API on the real rooms of accounts, domains and database, behind the real guards. */
export class AccountApi {
  #app!: NestFastifyApplication;

  private constructor(
    readonly database: TestDatabase,
    readonly room: Room,
    readonly accounts: AccountsService,
    readonly tokens: TokensService,
    readonly webhooks: WebhooksService,
  ) {}

  static async start(): Promise<AccountApi> {
    const database = await openTestDatabase();
    const room = openRoom(database);
    const accounts = accountsIn(database);
    const receipts = new ReceiptStore(database.statements);
    const closings = new ClosingStore(database.dataSource);
    const { service } = openWebhookRoom(database);
    const tokens = tokensIn(database);
    const api = new AccountApi(database, room, accounts, tokens, service);
    const changes = new EmailChangeStore(database.dataSource, api.mail);
    api.#app = await startInMemoryApp({
      controllers: [
        AccountController,
        AccountTokensController,
        AccountClosingController,
        AccountEmailController,
        AccountExportController,
        AccountWebhooksController,
      ],
      providers: [
        { provide: AccountsService, useValue: accounts },
        { provide: TokensService, useValue: api.tokens },
        { provide: ActivityStore, useValue: new ActivityStore(database.dataSource) },
        { provide: DomainsService, useValue: room.domains },
        { provide: ClosingStore, useValue: closings },
        { provide: ClosingConfirmations, useClass: ClosingConfirmations },
        AccountClosing,
        AccountExport,
        AccountSettings,
        ExportedDomains,
        ExportedRooms,
        ExportedSignIn,
        { provide: SignInExport, useValue: new SignInExport(database.dataSource) },
        {
          provide: DomainImages,
          useValue: new DomainImages(database.dataSource, database.statements),
        },
        { provide: DomainExport, useValue: new DomainExport(database.dataSource) },
        { provide: ReceiptExport, useValue: new ReceiptExport(database.statements) },
        { provide: CertificatesService, useValue: { viewMany: () => Promise.resolve(new Map()) } },
        { provide: EmailChanges, useValue: new EmailChanges(changes, api.mail) },
        { provide: MailRefusals, useValue: new MailRefusals(MAIL_CELL, database.statements) },
        { provide: WebhooksService, useValue: api.webhooks },
        { provide: IdempotencyKeys, useValue: new IdempotencyKeys(database.dataSource) },
      ],
      receipts: {
        countUnread: (owner) => receipts.countUnread(owner),
        hasUnreadSince: (owner, since) => receipts.hasUnreadSince(owner, since),
        burnUnreadOf: (owner, batchesMax) => receipts.burnUnreadOf(owner, batchesMax),
      },
      tenant: (host) => {
        if (host !== CUSTOM_HOST) return TENANT;
        const domain = {
          domainId: 'd',
          lookDomainId: 'd',
          ownerId: api.owner,
          apiEnabled: true,
          homepageEnabled: true,
          policy: NO_POLICY,
          look: NO_LOOK,
          ownerPlan: 'identity_plus',
        } as const;
        return customTenant(TENANT, { ...domain, hostname: CUSTOM_HOST }, 443);
      },
      account: () => null,
      signIn: async (authorization) => {
        const credentials = parseBasicCredentials(authorization);
        return credentials && accounts.authenticate(credentials.email, credentials.token);
      },
    });
    return api;
  }

  readonly mail = new FakeAccountMail();

  /** The account that owns CUSTOM_HOST. */
  owner = '' as AccountId;

  async signUp(plan: AccountPlan = 'identity_plus'): Promise<Customer> {
    customers += 1;
    const { account, token } = await this.accounts.create(`c${customers}@example.com`, plan);
    return { id: account.id, email: account.email, token };
  }

  /** The customer with a further token. */
  async withScopes(
    { id, email }: Customer,
    scopes: readonly TokenScope[],
    name = scopes.join('-'),
  ): Promise<Customer> {
    const request = { name, scopes, expiresInSeconds: null };
    const { value } = await this.tokens.create(id, request, OPERATOR);
    return { id, email, token: value };
  }

  claim({ id, email }: Customer, name: string): Promise<Domain> {
    return this.room.domains.claim({ id, email, plan: 'identity_plus', state: 'active' }, name);
  }

  async send(customer: Customer | null, method: Method, path: string, shot: Shot = {}) {
    const { body, headers } = shot;
    const answer = await this.#app.inject({
      method,
      url: `/api/account${path}`,
      headers: {
        'x-request-id': 'test-request',
        ...(customer === null ? {} : { authorization: loginOf(customer) }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: <T = Json>() => answer.json<T>(),
      record: () => answer.json<{ record: Json }>().record,
      records: () => answer.json<{ records: Json[] }>().records,
    };
  }

  async activityOf(customer: Customer): Promise<Json[]> {
    return (await this.send(customer, 'GET', '/activity')).records();
  }

  signsIn = async ({ email, token }: Customer): Promise<boolean> =>
    (await this.accounts.authenticate(email, token)) !== null;

  /**
   * Runs `work` while the row of the account is locked, and ends the lock then. `waiting` waits until so many transactions
   * wait for it; they go on in the order in which they came.
   */
  async behindLock<Result>(
    { id }: Customer,
    work: (waiting: (count: number) => Promise<unknown>) => Promise<Result>,
  ): Promise<Result> {
    const runner = this.database.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      // On a loaded machine the others may come later than the server's patience with an idle transaction.
      await runner.query('set local idle_in_transaction_session_timeout = 0');
      await runner.query('select 1 from accounts where id = $1 for update', [id]);
      return await work((count) =>
        until(`${count} waiting transactions`, async () => {
          const [row] = await this.database.dataSource.query<[{ count: number }]>(
            `select count(*)::int as count from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'`,
          );
          // A loop of the background may wait too.
          return row.count >= count;
        }),
      );
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.database.close();
  }
}

export function loginOf({ email, token }: Pick<Customer, 'email' | 'token'>): string {
  return `Basic ${btoa(`${email}:${token}`)}`;
}
