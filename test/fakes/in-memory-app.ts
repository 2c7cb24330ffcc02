import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Provider, Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../../src/accounts/account.js';
import type { SignedIn } from '../../src/accounts/accounts.service.js';
import { ErrorFilter } from '../../src/api/error.filter.js';
import { AccountRequiredGuard } from '../../src/auth/account-required.guard.js';
import { GuestRouteGuard } from '../../src/auth/guest-route.guard.js';
import type { BasicGuard } from '../../src/auth/basic.guard.js';
import { notAuthorized } from '../../src/auth/not-authorized.js';
import { ScopeGuard } from '../../src/auth/scope.guard.js';
import { RegionHostGuard } from '../../src/auth/region-host.guard.js';
import { CellConfig } from '../../src/config/cell-config.js';
import { HostBrand } from '../../src/brand/host-brand.js';
import { PageFrames } from '../../src/pages/frame/frames.js';
import { FormNonces } from '../../src/pages/frame/form-nonces.js';
import { CreatedPages } from '../../src/pages/public/created-pages.js';
import { GeneratedValues } from '../../src/pages/public/generated-values.js';
import { PageErrors } from '../../src/pages/public/page-error.js';
import { FakePressStore } from './press-store.js';
import { SameOriginGuard } from '../../src/pages/frame/same-origin.guard.js';
import { Presses } from '../../src/pages/frame/presses.js';
import { RateLimits } from '../../src/limits/rate-limits.js';
import { PressStore } from '../../src/secrets/press.store.js';
import { requestIdOf } from '../../src/region/request-id.js';
import { rewriteUrl } from '../../src/region/rewrite-url.js';
import { MailedLinks } from '../../src/secrets/mailed-links.js';
import { ReceiptsService } from '../../src/secrets/receipts.service.js';
import { SecretsService } from '../../src/secrets/secrets.service.js';
import { TENANT } from './sample-values.js';
import { Clock, SystemClock } from '../../src/shared/clock.js';
import { setRequestOrigin } from '../../src/tenancy/request-origin.js';
import { registerTenancy } from '../../src/tenancy/tenancy.hook.js';
import type { Tenant } from '../../src/tenancy/tenant.js';

const ROOT_KEY = { version: 1, bytes: randomBytes(32) };

const NO_LIMITS: Pick<RateLimits, 'charge'> = { charge: () => Promise.resolve(null) };

export interface InMemoryAppOptions {
  readonly controllers: Type[];
  readonly secrets?: Partial<SecretsService>;
  readonly receipts?: Partial<ReceiptsService>;
  readonly limits?: Pick<RateLimits, 'charge'>;
  readonly presses?: FakePressStore;
  readonly mailed?: Partial<MailedLinks>;
  /** Further providers that the controllers inject. */
  readonly providers?: Provider[];
  /** One tenant for every request, or the tenant of a Host. */
  readonly tenant: Tenant | ((host: string) => Tenant);
  /** The account of every request with an Authorization header, or the account of a header; null is refused. */
  readonly account: Account | ((authorization: string) => Account | null);
  /** In place of `account`: the account and the token of a header; null is refused. */
  readonly signIn?: (authorization: string) => Promise<SignedIn | null>;
}

/**
 * Controllers on a Fastify without sockets, behind the real filter and the real guards except BasicGuard, with services
 * that the test passes.
 */
export async function startInMemoryApp(
  options: InMemoryAppOptions,
): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({
    controllers: options.controllers,
    providers: [
      { provide: SecretsService, useValue: options.secrets ?? {} },
      { provide: ReceiptsService, useValue: options.receipts ?? {} },
      { provide: CellConfig, useValue: { region: 'eu', rootKeys: [ROOT_KEY] } },
      PageFrames,
      {
        provide: HostBrand,
        useFactory: () => HostBrand.load(TENANT.hostname, null),
      },
      FormNonces,
      Presses,
      GeneratedValues,
      CreatedPages,
      { provide: MailedLinks, useValue: options.mailed ?? { isOffered: () => false } },
      PageErrors,
      { provide: Clock, useClass: SystemClock },
      { provide: RateLimits, useValue: options.limits ?? NO_LIMITS },
      { provide: PressStore, useValue: options.presses ?? new FakePressStore() },
      ...(options.providers ?? []),
    ],
  }).compile();
  const adapter = new FastifyAdapter({
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers),
    rewriteUrl: (request: IncomingMessage) => rewriteUrl(request.url ?? '/'),
    routerOptions: { maxParamLength: 1000 },
  });
  const app = module.createNestApplication<NestFastifyApplication>(adapter, {
    bodyParser: false,
    logger: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  registerOrigin(fastify, options);
  registerTenancy(fastify);
  app.useGlobalGuards(
    new RegionHostGuard(),
    fakeBasicGuard(options),
    new AccountRequiredGuard(),
    new ScopeGuard(),
    new GuestRouteGuard(),
    new SameOriginGuard(),
  );
  const pages = app.get(PageErrors);
  app.useGlobalFilters(
    new ErrorFilter((error, status, request) => pages.answer(error, status, request)),
  );
  await app.init();
  await fastify.ready();
  return app;
}

/** Replaces the gateway, which sets the origin of a request. */
function registerOrigin(fastify: FastifyInstance, { tenant }: InMemoryAppOptions): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const host = request.headers.host ?? '';
    const own = typeof tenant === 'function' ? tenant(host) : tenant;
    setRequestOrigin(request.raw, {
      tenant: own,
      network: '127.0.0.0/24',
      client: { near: '127.0.0.1/32', wide: null },
    });
    done();
  });
}

/** Replaces the guard that reads accounts from a database. */
function fakeBasicGuard({ account, signIn }: InMemoryAppOptions): BasicGuard {
  return {
    canActivate: async (context) => {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      const { authorization } = request.headers;
      if (authorization !== undefined && signIn !== undefined) {
        const signedIn = await signIn(authorization);
        if (signedIn === null) throw notAuthorized();
        request.account = signedIn.account;
        request.token = signedIn.token;
        return true;
      }
      if (authorization === undefined) request.account = null;
      else request.account = typeof account === 'function' ? account(authorization) : account;
      if (authorization !== undefined && request.account === null) throw notAuthorized();
      return true;
    },
  };
}
