import {
  Injectable,
  NotFoundException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.js';
import { AccountRequired } from './account-required.decorator.js';
import { BasicAuthenticator, notAuthorized } from './basic-authenticator.js';
import { isStranger } from './caller.js';
import { RegionHostOnly } from './region-host-only.decorator.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null is anonymous, undefined means that no guard has looked yet. */
    account?: Account | null;
  }
}

/**
 * Finds out who asks, on every route: a bad Authorization header is refused even where none is needed. And keeps
 * everybody from routes that are not for them on this host.
 */
@Injectable()
export class BasicGuard implements CanActivate {
  constructor(
    private readonly authenticator: BasicAuthenticator,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // Before the credentials: what does not exist here does not tell whether they are any good.
    if (request.tenant.domain !== null && this.#is(RegionHostOnly, context))
      throw new NotFoundException();
    const account = await this.authenticator.authenticate(request.raw);
    request.account = account;
    const isTheirs = account !== null && !isStranger({ tenant: request.tenant, account });
    if (!isTheirs && this.#is(AccountRequired, context)) throw notAuthorized();
    return true;
  }

  #is(mark: typeof AccountRequired, context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride(mark, targets) ?? false;
  }
}
