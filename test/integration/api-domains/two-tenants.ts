import type { AccountPlan } from '../../../src/accounts/plans.js';
import { NO_LOOK, type DomainLook } from '../../../src/domains/domain-look.js';
import { NO_POLICY, type DomainPolicy } from '../../../src/domains/domain-policy.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Account, AccountId } from '../../../src/accounts/account.js';
import { V1ReceiptsController } from '../../../src/api/v1/v1-receipts.controller.js';
import { V1SecretsController } from '../../../src/api/v1/v1-secrets.controller.js';
import { V2MetaController } from '../../../src/api/v2/v2-meta.controller.js';
import { V2ReceiptAnswers } from '../../../src/api/v2/v2-receipt-answers.js';
import { V2ReceiptsController } from '../../../src/api/v2/v2-receipts.controller.js';
import { V2SecretAnswers } from '../../../src/api/v2/v2-secret-answers.js';
import { V2SecretsController } from '../../../src/api/v2/v2-secrets.controller.js';
import { CreatePageController } from '../../../src/pages/public/create-page.controller.js';
import { CreatedPageController } from '../../../src/pages/public/created-page.controller.js';
import { ReceiptPageController } from '../../../src/pages/public/receipt-page.controller.js';
import { PageFilesController } from '../../../src/pages/frame/page-files.controller.js';
import { SecretPageController } from '../../../src/pages/public/secret-page.controller.js';
import type { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import { ReceiptMemos } from '../../../src/secrets/receipt-memos.js';
import { SecretLooks } from '../../../src/secrets/secret-looks.js';
import type { ShareDomains } from '../../../src/secrets/share-domains.js';
import { Clock, SystemClock } from '../../../src/shared/clock.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import type { Tenant } from '../../../src/tenancy/tenant.js';
import { startInMemoryApp } from '../../fakes/in-memory-app.js';
import { TENANT } from '../../fakes/sample-values.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { openRoom, type Room } from '../secrets/support.js';
import { confirmedIn } from '../../support/person.js';

export type Place = 'R' | 'D' | 'OTHER';
export type Who = 'anonymous' | 'owner' | 'stranger' | 'wrong';

/** R: the region's own host. D: the owner's serving domain. OTHER: the stranger's serving domain. */
export const HOSTS = {
  R: TENANT.hostname,
  D: requireHostname('secrets.example.com'),
  OTHER: requireHostname('secrets.example.net'),
} as const satisfies Record<Place, string>;
/** A domain of the owner that does not serve. */
export const PENDING = requireHostname('pending.example.com');
export const UNCLAIMED = requireHostname('unclaimed.example.org');

export const OWNER = anAccount('7f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a01', 'owner@example.com');
const STRANGER = anAccount('7f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a02', 'stranger@example.com');

const shareDomainsWith = (switches: Switches): ShareDomains => ({
  find: async (account, hostname) => {
    const isOwners = account === OWNER.id;
    if (isOwners && hostname === HOSTS.D) return { state: 'serving', policy: switches.policy };
    const state = isOwners && hostname === PENDING ? 'not_serving' : 'foreign';
    return { state, policy: NO_POLICY };
  },
});

/** What anonymous callers may do on the custom domains. */
export interface Switches {
  apiEnabled: boolean;
  homepageEnabled: boolean;
  policy: DomainPolicy;
  ownerPlan: AccountPlan;
  look: DomainLook;
}

export interface Answer {
  readonly status: number;
  readonly intended: string | undefined;
  readonly body: string;
  readonly location: string | undefined;
  json(): Record<string, unknown>;
}

/** Everybody may create, and the owner demands nothing. */
export const OPEN: Readonly<Switches> = {
  apiEnabled: true,
  homepageEnabled: true,
  policy: NO_POLICY,
  look: NO_LOOK,
  ownerPlan: 'identity_plus',
};

/** API and pages on the real room of secrets, on three hosts of one region. */
export class TwoTenants {
  private constructor(
    private readonly app: () => NestFastifyApplication,
    readonly close: () => Promise<void>,
    readonly room: Room,
    readonly database: TestDatabase,
    readonly switches: Switches,
  ) {}

  static async start(options: { readonly queue?: PassphraseQueue } = {}): Promise<TwoTenants> {
    const database = await openTestDatabase();
    const switches: Switches = { ...OPEN };
    const room = openRoom(database, { ...options, shareDomains: shareDomainsWith(switches) });
    const { secrets, receipts, memos, looks } = room;
    await insertAccounts(database);
    const tenants: TwoTenants = new TwoTenants(
      () => app,
      async () => {
        await app.close();
        await database.close();
      },
      room,
      database,
      switches,
    );
    const app = await startInMemoryApp({
      controllers: [
        V1SecretsController,
        V1ReceiptsController,
        V2MetaController,
        V2SecretsController,
        V2ReceiptsController,
        CreatePageController,
        CreatedPageController,
        SecretPageController,
        PageFilesController,
        ReceiptPageController,
      ],
      secrets,
      receipts,
      providers: [
        { provide: ReceiptMemos, useValue: memos },
        { provide: SecretLooks, useValue: looks },
        { provide: Clock, useClass: SystemClock },
        V2SecretAnswers,
        V2ReceiptAnswers,
      ],
      tenant: (host) => tenants.#tenantOf(host),
      account: (authorization) => ACCOUNTS[authorization] ?? null,
    });
    return tenants;
  }

  async send(place: Place, who: Who, method: 'GET' | 'POST', url: string, form = {}) {
    const answer = await this.app().inject({
      method,
      url,
      headers: {
        host: HOSTS[place],
        'sec-fetch-site': 'same-origin',
        ...(who === 'anonymous' ? {} : { authorization: `Basic ${who}` }),
      },
      payload: new URLSearchParams(form).toString(),
    });
    const intended = answer.headers['x-ots-intended-status'];
    return {
      status: answer.statusCode,
      intended: typeof intended === 'string' ? intended : undefined,
      body: answer.body,
      location: answer.headers.location,
      json: () => answer.json<Record<string, unknown>>(),
    } satisfies Answer;
  }

  /** A person's press of the button in the page at `url`, or of its button to delete. */
  async press(place: Place, who: Who, url: string, form = {}) {
    const page = await this.send(place, who, 'GET', url.replace(/\/burn$/, ''));
    return this.send(place, who, 'POST', url, { ...confirmedIn(page.body, url), ...form });
  }

  /** A request with a JSON body, or without one. */
  async call(place: Place, who: Who, line: string, body?: object | string) {
    const [method = 'GET', url = '/'] = line.split(' ');
    const headers = { host: HOSTS[place], 'x-request-id': 'test' };
    return this.app().inject({
      method: method as 'GET',
      url,
      headers: {
        ...headers,
        ...(who === 'anonymous' ? {} : { authorization: `Basic ${who}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
  }

  /** An anonymous POST on R with a body of any type. */
  post(url: string, payload: string, type?: string) {
    const headers = { host: HOSTS.R, ...(type === undefined ? {} : { 'content-type': type }) };
    return this.app().inject({ method: 'POST', url, headers, payload });
  }

  /** Shares a secret over the API and returns its keys. */
  async share(place: Place, who: Who, form: Record<string, string> = {}) {
    const answer = await this.send(place, who, 'POST', '/api/v1/share', { secret: 's3', ...form });
    if (answer.status !== 200) throw new Error(`share answered ${answer.body}`);
    const { secret_key: secretKey, metadata_key: metadataKey } = answer.json();
    return { secretKey: String(secretKey), metadataKey: String(metadataKey) };
  }

  #tenantOf(host: string): Tenant {
    const { origin: _, ...region } = TENANT;
    const canonical = { ...region, origin: `https://${TENANT.hostname}` };
    const custom = { domainId: 'd', lookDomainId: 'd', ...this.switches };
    if (host === HOSTS.D) {
      return customTenant(canonical, { ...custom, hostname: HOSTS.D, ownerId: OWNER.id }, 443);
    }
    if (host === HOSTS.OTHER) {
      return customTenant(
        canonical,
        { ...custom, hostname: HOSTS.OTHER, ownerId: STRANGER.id },
        443,
      );
    }
    return canonical;
  }
}

const ACCOUNTS: Readonly<Record<string, Account>> = {
  'Basic owner': OWNER,
  'Basic stranger': STRANGER,
};

async function insertAccounts({ dataSource }: TestDatabase): Promise<void> {
  for (const { id, email, plan } of Object.values(ACCOUNTS)) {
    const text = 'insert into accounts (id, email, email_key, plan) values ($1, $2, $2, $3)';
    await dataSource.query(text, [id, email, plan]);
  }
}

function anAccount(id: string, email: string): Account {
  return { id: id as AccountId, email, plan: 'identity_plus', state: 'active' };
}
