import type { Domain } from '../../../src/domains/domain.js';
import { isProven } from '../../../src/domains/ownership.js';
import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import { ClockWatch } from '../../../src/database/clock-watch.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Account } from '../../../src/accounts/account.js';
import type { Actor } from '../../../src/accounts/activity/activity.js';
import { DomainCertificateController } from '../../../src/api/domains/domain-certificate.controller.js';
import { DomainConfigController } from '../../../src/api/domains/domain-config.controller.js';
import { DomainImagesController } from '../../../src/api/domains/domain-images.controller.js';
import { Branding } from '../../../src/brand/branding.js';
import { DomainImages } from '../../../src/brand/images/domain-images.js';
import { BrandPageController } from '../../../src/pages/domains/brand-page.controller.js';
import { ReceivePageController } from '../../../src/pages/domains/receive-page.controller.js';
import { TransferPageController } from '../../../src/pages/domains/transfer-page.controller.js';
import { BrandStyleController } from '../../../src/pages/domains/brand-style.controller.js';
import { ImageFileController } from '../../../src/pages/domains/image-file.controller.js';
import { ImagesPageController } from '../../../src/pages/domains/images-page.controller.js';
import { PolicyPageController } from '../../../src/pages/domains/policy-page.controller.js';
import { BrandImagesController } from '../../../src/pages/frame/brand-images.controller.js';
import { DomainBrandController } from '../../../src/api/domains/domain-brand.controller.js';
import { DomainPolicyController } from '../../../src/api/domains/domain-policy.controller.js';
import { DomainTransferController } from '../../../src/api/domains/domain-transfer.controller.js';
import { TransferOffers } from '../../../src/domains/claims/transfer-offers.js';
import { DomainMoves } from '../../../src/domains/moves/domain-moves.js';
import { DomainTransfers } from '../../../src/domains/moves/domain-transfers.js';
import { DomainRemovalController } from '../../../src/api/domains/domain-removal.controller.js';
import { SetupOffers } from '../../../src/domains/connect/setup-offers.js';
import { DomainOffers } from '../../../src/setup/domain-offers.js';
import { DomainViews } from '../../../src/setup/domain-views.js';
import { DomainsController } from '../../../src/api/domains/domains.controller.js';
import { IdempotencyKeys } from '../../../src/api/domains/idempotency-keys.js';
import type { CertificateUpload } from '../../../src/certificates/uploads/uploaded-certificate.js';
import {
  NO_CERTIFICATE,
  type CertificateView,
} from '../../../src/certificates/certificate-view.js';
import { CertificatesService } from '../../../src/certificates/certificates.service.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { DomainsService } from '../../../src/domains/domains.service.js';
import { Clock, SystemClock } from '../../../src/shared/clock.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import { startInMemoryApp } from '../../fakes/in-memory-app.js';
import { TENANT } from '../../fakes/sample-values.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anAccount, openRoom, settings, type Room } from '../domains/support.js';

export const CUSTOM_HOST = requireHostname('serving.example.com');

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'PATCH';
export type Json = Record<string, unknown>;

export interface Shot {
  readonly body?: unknown;
  /** The bytes of the body, in place of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** Domain Connect is off. */
class NoProvider {
  pictureOf = () => null;
  linksOf = async () => null;
  refresh = async () => undefined;
}

/** The methods of CertificatesService that the API calls. */
export class FakeCertificates {
  readonly views = new Map<Hostname, CertificateView>();
  readonly uploads: (CertificateUpload & { readonly hostname: Hostname })[] = [];
  readonly removals: { readonly hostname: Hostname; readonly revoke: boolean }[] = [];
  readonly reverted: Hostname[] = [];
  /** Who uploaded or withdrew. */
  readonly actors: Actor[] = [];
  refusal: Awaited<ReturnType<CertificatesService['upload']>> = null;

  view = async (name: Hostname): Promise<CertificateView> => this.views.get(name) ?? NO_CERTIFICATE;
  viewMany = async (names: readonly Hostname[]): Promise<Map<Hostname, CertificateView>> =>
    new Map([...this.views].filter(([name]) => names.includes(name)));

  async upload({ hostname }: { hostname: Hostname }, upload: CertificateUpload, actor: Actor) {
    this.actors.push(actor);
    if (this.refusal === null) this.uploads.push({ hostname, ...upload });
    return this.refusal;
  }

  async backToAcme(hostname: Hostname, actor: Actor): Promise<boolean> {
    this.actors.push(actor);
    this.reverted.push(hostname);
    return true;
  }

  async removeOf(
    claims: readonly Pick<Domain, 'hostname' | 'ownership'>[],
    { revoke }: { revoke: boolean },
  ): Promise<void> {
    for (const { hostname } of claims.filter(isProven)) this.removals.push({ hostname, revoke });
  }
}

export const BOUNDARY = 'limit';
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

/** Fields, or the bytes of a form with a file. */
type Form = Readonly<Record<string, string>> | Buffer;

/** The domain API on the real rooms of domains and database, with fakes of DNS and certificates. */
export class DomainApi {
  readonly certificates = new FakeCertificates();
  /** Of CUSTOM_HOST. */
  customDomainId = 'd';
  readonly #accounts = new Map<string, Account>();

  private constructor(
    readonly database: TestDatabase,
    readonly room: Room,
    private readonly app: () => NestFastifyApplication,
  ) {}

  static async start(): Promise<DomainApi> {
    const database = await openTestDatabase();
    const room = openRoom(database, { limits: DEFAULT_LIMITS });
    const api: DomainApi = new DomainApi(database, room, () => app);
    const app = await startInMemoryApp({
      controllers: [
        DomainsController,
        DomainRemovalController,
        DomainConfigController,
        DomainPolicyController,
        DomainBrandController,
        DomainCertificateController,
        DomainImagesController,
        DomainTransferController,
        BrandImagesController,
        PolicyPageController,
        ImagesPageController,
        ImageFileController,
        BrandPageController,
        BrandStyleController,
        ReceivePageController,
        TransferPageController,
      ],
      providers: [
        DomainOffers,
        DomainViews,
        { provide: SetupOffers, useClass: NoProvider },
        { provide: IdempotencyKeys, useValue: new IdempotencyKeys(database.dataSource) },
        { provide: DomainsService, useValue: room.domains },
        {
          provide: DomainTransfers,
          useValue: new DomainTransfers(
            new TransferOffers(database.dataSource, settings),
            new DomainMoves(database.dataSource),
            undefined as never,
            settings,
          ),
        },
        {
          provide: DomainImages,
          useValue: new DomainImages(database.dataSource, database.statements),
        },
        { provide: Branding, useValue: new Branding(room.domains) },
        { provide: CertificatesService, useValue: api.certificates },
        { provide: DomainSettings, useValue: settings },
        { provide: Clock, useClass: SystemClock },
        ClockWatch,
      ],
      tenant: (host) => {
        if (host !== CUSTOM_HOST) return TENANT;
        const [owner] = api.#accounts.values();
        const ownerId = owner?.id ?? api.#unknownAccount();
        const domain = {
          domainId: api.customDomainId,
          lookDomainId: api.customDomainId,
          ownerId,
          apiEnabled: true,
          homepageEnabled: true,
          policy: NO_POLICY,
          look: NO_LOOK,
          ownerPlan: 'identity_plus',
        } as const;
        return customTenant(TENANT, { ...domain, hostname: CUSTOM_HOST }, 443);
      },
      account: (authorization) => api.#accounts.get(authorization) ?? null,
    });
    return api;
  }

  /** Creates an account and returns its Authorization header. */
  async signUp(plan: Account['plan'] = 'identity_plus'): Promise<string> {
    const account = await anAccount(this.database, plan);
    this.#accounts.set(`Basic ${account.id}`, account);
    return `Basic ${account.id}`;
  }

  accountOf(authorization: string): Account {
    return this.#accounts.get(authorization) ?? this.#unknownAccount();
  }

  async send(authorization: string | null, method: Method, path: string, shot: Shot = {}) {
    const { body, raw = body === undefined ? undefined : JSON.stringify(body), headers } = shot;
    const answer = await this.app().inject({
      method,
      url: `/api/domains${path}`,
      headers: {
        'x-request-id': 'test-request',
        ...(authorization === null ? {} : { authorization }),
        ...headers,
      },
      ...(raw === undefined ? {} : { payload: raw }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: () => answer.json<Json>(),
      record: () => answer.json<{ record: Json }>().record,
      records: () => answer.json<{ records: Json[] }>().records,
    };
  }

  /** A page of the domains; with a form, which is sent by a page of ours. */
  async page(authorization: string, path: string, form?: Form) {
    const isMultipart = Buffer.isBuffer(form);
    const answer = await this.app().inject({
      method: form === undefined ? 'GET' : 'POST',
      url: `/domains${path}`,
      headers: {
        authorization,
        'sec-fetch-site': 'same-origin',
        ...(isMultipart ? { 'content-type': MULTIPART } : {}),
      },
      ...(form === undefined
        ? {}
        : { payload: isMultipart ? form : new URLSearchParams({ ...form }).toString() }),
    });
    return {
      status: answer.statusCode,
      location: answer.headers.location,
      headers: answer.headers,
      html: answer.body,
    };
  }

  /** A file as a browser requests it. */
  async file(host: string, url: string, headers: Record<string, string> = {}) {
    const answer = await this.app().inject({ method: 'GET', url, headers: { host, ...headers } });
    return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload };
  }

  /** Claims a name and returns its record. */
  async claim(authorization: string, domain: string): Promise<Json> {
    const answer = await this.send(authorization, 'POST', '', { body: { domain } });
    expect(answer.status).toBe(201);
    return answer.record();
  }

  /** Claims a name, publishes its records as the answer says, and verifies. */
  async verified(authorization: string, domain: string): Promise<Json> {
    const { id } = await this.claim(authorization, domain);
    const { id: accountId } = this.accountOf(authorization);
    const claim = await this.room.domains.get(accountId, String(id));
    this.room.dns.publishTxt(claim);
    this.room.dns.publishCname(claim);
    const answer = await this.send(authorization, 'POST', `/${String(id)}/verify`);
    expect(answer.record()).toMatchObject({ ownership: { state: 'verified' } });
    return answer.record();
  }

  /** How far this host's clock is off. */
  get clocks(): ClockWatch {
    return this.app().get(ClockWatch);
  }

  async close(): Promise<void> {
    await this.app().close();
    await this.database.close();
  }

  #unknownAccount(): never {
    throw new Error('there is no such account in this test');
  }
}

/** The path of a domain, below the API's. */
export function pathOf({ id }: Json, rest = ''): string {
  return `/${String(id)}${rest}`;
}

/** The API and the credentials of two accounts. */
export async function startWithTwoAccounts() {
  const api = await DomainApi.start();
  return { api, ann: await api.signUp(), bob: await api.signUp() };
}
