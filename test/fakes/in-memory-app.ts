import type { IncomingMessage } from 'node:http';
import type { Provider, Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import type { Account } from '../../src/accounts/account.js';
import { ErrorFilter } from '../../src/api/error.filter.js';
import { notAuthorized, type BasicAuthenticator } from '../../src/auth/basic-authenticator.js';
import { BasicGuard } from '../../src/auth/basic.guard.js';
import { pageErrorAnswer } from '../../src/pages/page-error.js';
import { requestIdOf } from '../../src/region/request-id.js';
import { rewriteUrl } from '../../src/region/rewrite-url.js';
import { ReceiptsService } from '../../src/secrets/receipts.service.js';
import { SecretsService } from '../../src/secrets/secrets.service.js';
import { setRequestOrigin } from '../../src/tenancy/request-origin.js';
import { registerTenancy } from '../../src/tenancy/tenancy.hook.js';
import type { Tenant } from '../../src/tenancy/tenant.js';

export interface InMemoryAppOptions {
  readonly controllers: Type[];
  readonly secrets?: Partial<SecretsService>;
  readonly receipts?: Partial<ReceiptsService>;
  /** Whatever else the controllers ask for. */
  readonly providers?: Provider[];
  /** One tenant, or whose a Host is. */
  readonly tenant: Tenant | ((host: string) => Tenant);
  /** Whoever sends any Authorization header; or whose it is, null for credentials that are wrong. */
  readonly account: Account | ((authorization: string) => Account | null);
}

/** Controllers on a Fastify without sockets, behind the real guard and filter, in front of services of the test's own. */
export async function startInMemoryApp(
  options: InMemoryAppOptions,
): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({
    controllers: options.controllers,
    providers: [
      { provide: SecretsService, useValue: options.secrets ?? {} },
      { provide: ReceiptsService, useValue: options.receipts ?? {} },
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
  const authenticator = authenticatorOf(options);
  app.useGlobalGuards(new BasicGuard(authenticator, new Reflector()));
  app.useGlobalFilters(new ErrorFilter(pageErrorAnswer));
  await app.init();
  await fastify.ready();
  return app;
}

/** In place of the gateway. */
function registerOrigin(fastify: FastifyInstance, { tenant }: InMemoryAppOptions): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const host = request.headers.host ?? '';
    const own = typeof tenant === 'function' ? tenant(host) : tenant;
    setRequestOrigin(request.raw, { tenant: own, network: '127.0.0.0/24' });
    done();
  });
}

/** In place of the room that knows accounts. */
function authenticatorOf({ account }: InMemoryAppOptions): BasicAuthenticator {
  const fake: Pick<BasicAuthenticator, 'authenticate'> = {
    authenticate: async ({ headers: { authorization } }) => {
      if (authorization === undefined) return null;
      const found = typeof account === 'function' ? account(authorization) : account;
      if (found === null) throw notAuthorized();
      return found;
    },
  };
  return fake as BasicAuthenticator;
}
