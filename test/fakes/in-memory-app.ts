import type { IncomingMessage } from 'node:http';
import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../src/accounts/account.js';
import { ErrorFilter } from '../../src/api/error.filter.js';
import { AccountRequired } from '../../src/auth/account-required.decorator.js';
import { notAuthorized } from '../../src/auth/basic-authenticator.js';
import { pageErrorAnswer } from '../../src/pages/page-error.js';
import { rewriteUrl } from '../../src/region/rewrite-url.js';
import { ReceiptsService } from '../../src/secrets/receipts.service.js';
import { SecretsService } from '../../src/secrets/secrets.service.js';
import type { Tenant } from '../../src/tenancy/tenant.js';

export interface InMemoryAppOptions {
  readonly controllers: Type[];
  readonly secrets: Partial<SecretsService>;
  readonly receipts: Partial<ReceiptsService>;
  readonly tenant: Tenant;
  /** Whoever sends any Authorization header. */
  readonly account: Account;
}

/** Controllers on a Fastify without sockets, in front of services of the test's own. */
export async function startInMemoryApp(
  options: InMemoryAppOptions,
): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({
    controllers: options.controllers,
    providers: [
      { provide: SecretsService, useValue: options.secrets },
      { provide: ReceiptsService, useValue: options.receipts },
    ],
  }).compile();
  const adapter = new FastifyAdapter({
    rewriteUrl: (request: IncomingMessage) => rewriteUrl(request.url ?? '/'),
    routerOptions: { maxParamLength: 1000 },
  });
  const app = module.createNestApplication<NestFastifyApplication>(adapter, {
    bodyParser: false,
    logger: false,
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.useGlobalGuards(new FakeGuard(options));
  app.useGlobalFilters(new ErrorFilter(pageErrorAnswer));
  await app.init();
  await fastify.ready();
  return app;
}

/** In place of the gateway and of the room that knows accounts. */
class FakeGuard implements CanActivate {
  constructor(private readonly options: InMemoryAppOptions) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.tenant = this.options.tenant;
    request.network = '127.0.0.0/24';
    request.account = request.headers.authorization === undefined ? null : this.options.account;
    const needsAccount = new Reflector().get(AccountRequired, context.getHandler()) ?? false;
    if (needsAccount && request.account === null) throw notAuthorized();
    return true;
  }
}
