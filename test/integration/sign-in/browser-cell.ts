import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import { Global, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { Account, AccountId } from '../../../src/accounts/account.js';
import { AccountsModule } from '../../../src/accounts/accounts.module.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { ActivityStore } from '../../../src/accounts/activity/activity.store.js';
import {
  AccountMail,
  type AccountMessage,
} from '../../../src/accounts/email-change/account-mail.js';
import { PasskeyHost } from '../../../src/accounts/passkeys/passkey-host.js';
import { PasswordHashes } from '../../../src/accounts/password/password-hashes.js';
import { NewPasswords } from '../../../src/accounts/links/new-passwords.service.js';
import { Sessions } from '../../../src/accounts/sessions/sessions.service.js';
import type { Owner } from '../../../src/accounts/sign-in/protected-changes.js';
import type {
  SignedInBrowser,
  SignInOutcome,
} from '../../../src/accounts/sign-in/sign-in.store.js';
import type { SessionId } from '../../../src/accounts/sessions/session.js';
import { SignInModule } from '../../../src/accounts/sign-in/sign-in.module.js';
import type { Visitor } from '../../../src/accounts/sign-in/visitor.js';
import { ErrorFilter } from '../../../src/api/error.filter.js';
import { AccountRequiredGuard } from '../../../src/auth/account-required.guard.js';
import { AuthModule } from '../../../src/auth/auth.module.js';
import { BasicGuard } from '../../../src/auth/basic.guard.js';
import { CsrfGuard } from '../../../src/auth/csrf.guard.js';
import { FreshSignInGuard } from '../../../src/auth/fresh-sign-in.guard.js';
import { RegionHostGuard } from '../../../src/auth/region-host.guard.js';
import { ScopeGuard } from '../../../src/auth/scope.guard.js';
import { CellConfig } from '../../../src/config/cell-config.js';
import type { Limits } from '../../../src/config/limits.js';
import type { Region } from '../../../src/config/region.js';
import { connectDatabase } from '../../../src/database/connect.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { Statements } from '../../../src/database/statements.js';
import { LimitsModule } from '../../../src/limits/limits.module.js';
import { Clock } from '../../../src/shared/clock.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import { setRequestOrigin } from '../../../src/tenancy/request-origin.js';
import { registerTenancy } from '../../../src/tenancy/tenancy.hook.js';
import type { Tenant } from '../../../src/tenancy/tenant.js';
import { TENANT } from '../../fakes/sample-values.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

export const PASSWORD = 'a quiet harbour at dawn';
export const CUSTOM_HOST = 'secrets.example.com';
export const BASE_HOST = 'onetime.localhost';
export const NETWORK = '203.0.113.0/24';

/** Keeps what it accepts, once the change is committed or not. */
export class KeptMail extends AccountMail {
  isConfigured = true;
  readonly accepted: AccountMessage[] = [];

  override async accept(_manager: unknown, message: AccountMessage): Promise<void> {
    this.accepted.push(message);
  }

  /** The last message to an address. */
  lastTo(address: string): AccountMessage | undefined {
    return this.accepted.findLast(({ to }) => to === address);
  }

  /** The token of the last link to an address. */
  linkTo(address: string): string {
    const message = this.accepted.findLast(
      ({ to }) => to.toLowerCase() === address.trim().toLowerCase(),
    );
    return message !== undefined && 'token' in message ? message.token : '';
  }
}

/** Tells the time, moved by what the test says. It goes on, or stands still at an instant. */
export class SetClock extends Clock {
  movedMs = 0;
  standsAt: number | null = null;

  override now(): Date {
    return new Date((this.standsAt ?? Date.now()) + this.movedMs);
  }
}

export interface CellOptions {
  readonly region?: string;
  readonly limits?: Limits | null;
  readonly isSignUpOpen?: boolean;
  readonly hashes?: PasswordHashes;
  readonly controllers?: Type[];
  readonly rootKeys?: RootKeys;
  /** Of another cell, to be a second process of its region. */
  readonly database?: TestDatabase;
}

export const ROOT_KEYS: RootKeys = [{ version: 1, bytes: Buffer.alloc(32, 7) }];

const GUARDS = [
  RegionHostGuard,
  BasicGuard,
  AccountRequiredGuard,
  ScopeGuard,
  FreshSignInGuard,
  CsrfGuard,
].map((guard) => ({ provide: APP_GUARD, useExisting: guard }));

/** Answers a refusal outside the API with its reason. */
const REASONS = new ErrorFilter(async (error, status) => ({
  status: status ?? 500,
  headers: {},
  body: String(Reflect.get(Object(error), 'reason')),
}));

/** A cell's rooms of accounts and auth on a real database, behind the real guards. */
export class BrowserCell {
  readonly mail = new KeptMail();
  readonly clock = new SetClock();
  app!: NestFastifyApplication;

  private constructor(
    readonly database: TestDatabase,
    private readonly options: CellOptions,
  ) {}

  static async start(options: CellOptions = {}): Promise<BrowserCell> {
    const database = await (options.database === undefined
      ? openTestDatabase()
      : reconnected(options.database));
    const cell = new BrowserCell(database, options);
    const region = (options.region ?? 'eu') as Region;
    const adapter = new FastifyAdapter();
    const testing = Test.createTestingModule({
      imports: [
        globalsOf(cell, region, options),
        { module: LimitsModule, global: true },
        DatabaseModule.of(database.dataSource),
        AccountsModule,
        SignInModule,
        AuthModule.of(region),
      ],
      controllers: options.controllers ?? [],
      providers: [ActivityStore, ...GUARDS, { provide: APP_FILTER, useValue: REASONS }],
    });
    if (options.hashes !== undefined)
      testing.overrideProvider(PasswordHashes).useValue(options.hashes);
    const module = await testing.compile();
    cell.app = module.createNestApplication<NestFastifyApplication>(adapter, {
      bodyParser: false,
      logger: false,
    });
    prepare(adapter.getInstance(), region);
    await cell.app.init();
    return cell;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get<T>(type as never, { strict: false });
  }

  async account(email: string): Promise<{ readonly account: Account; readonly token: string }> {
    return this.get(AccountsService).create(email, 'basic');
  }

  /** Signs in an account that has no second factor, by a link for a new password. */
  async signedIn(email: string, password = PASSWORD): Promise<SignedInBrowser> {
    await this.get(NewPasswords).request(email, visitor());
    const link = this.mail.linkTo(email);
    return signedIn(await this.get(NewPasswords).complete(link, password, visitor()));
  }

  /** The browser that is signed in, as it changes what protects its account. */
  async owner({ account, session }: SignedInBrowser, value = session.value): Promise<Owner> {
    const live = await this.get(Sessions).authenticate(value);
    if (live === null) throw new Error('the session has ended');
    return { account, session: live.session, visitor: visitor({ sessionId: live.session.id }) };
  }

  query<Row extends object = Record<string, unknown>>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return this.database.dataSource.query(text, values);
  }

  async activity(id: AccountId): Promise<string[]> {
    const { entries } = await this.get(ActivityStore).page(id, { limit: 100, cursor: null });
    return entries.map(({ action }) => action);
  }

  async close(): Promise<void> {
    await this.app.close();
    if (this.options.database === undefined) await this.database.close();
  }
}

export const hostOf = (region: string): string => `${region}.onetime.localhost`;
export const originOf = (region: string): string => `https://${hostOf(region)}:8443`;

function globalsOf(cell: BrowserCell, region: Region, options: CellOptions) {
  @Global()
  @Module({
    providers: [
      {
        provide: CellConfig,
        useValue: {
          region,
          host: requireHostname(hostOf(region)),
          publicHttpsPort: 8443,
          limits: options.limits ?? null,
          rootKeys: options.rootKeys ?? ROOT_KEYS,
          isSignUpOpen: options.isSignUpOpen ?? true,
        },
      },
      { provide: Registry, useValue: new Registry() },
      { provide: AccountMail, useValue: cell.mail },
      { provide: Clock, useValue: cell.clock },
      { provide: PasskeyHost, useValue: { rpId: hostOf(region), origin: originOf(region) } },
      { provide: UnopenedCiphertexts, useFactory: () => new UnopenedCiphertexts(new Registry()) },
    ],
    exports: [CellConfig, Registry, AccountMail, Clock, PasskeyHost, UnopenedCiphertexts],
  })
  class GlobalsModule {}
  return GlobalsModule;
}

/** The same database by connections of its own, which a cell closes. */
async function reconnected(database: TestDatabase): Promise<TestDatabase> {
  const dataSource = await connectDatabase(database.url);
  return { ...database, dataSource, statements: new Statements(dataSource) };
}

/** Replaces the gateway, which finds the tenant, and the guard that reads bodies. */
function prepare(fastify: FastifyInstance, region: Region): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const own: Tenant = { ...TENANT, region };
  const domain = {
    domainId: 'd',
    lookDomainId: 'd',
    ownerId: 'o' as AccountId,
    apiEnabled: true,
    policy: NO_POLICY,
    look: NO_LOOK,
    ownerPlan: 'identity_plus',
  } as const;
  const hostname = requireHostname(CUSTOM_HOST);
  const custom = customTenant(own, { ...domain, homepageEnabled: true, hostname }, 8443);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const host = request.headers.host?.split(':')[0];
    const isBase = host === BASE_HOST;
    setRequestOrigin(request.raw, {
      tenant: host === CUSTOM_HOST ? custom : { ...own, isDeprecatedName: isBase },
      network: NETWORK,
      client: { near: '203.0.113.9/32', wide: null },
    });
    done();
  });
  registerTenancy(fastify);
}

export function visitor(changes: Partial<Visitor> = {}): Visitor {
  return {
    agent: 'Firefox, Linux',
    network: NETWORK,
    client: { near: '203.0.113.9/32', wide: null },
    language: 'en',
    sessionId: null as SessionId | null,
    ...changes,
  };
}

export function signedIn(outcome: SignInOutcome): SignedInBrowser {
  if (outcome.kind !== 'signed_in') throw new Error('a second factor was asked for');
  return outcome;
}
