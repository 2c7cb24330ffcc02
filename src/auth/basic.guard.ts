import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.js';
import { AccountRequired } from './account-required.decorator.js';
import { BasicAuthenticator, notAuthorized } from './basic-authenticator.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null is anonymous, undefined means that no guard has looked yet. */
    account?: Account | null;
  }
}

/** Finds out who asks, on every route: a bad Authorization header is refused even where none is needed. */
@Injectable()
export class BasicGuard implements CanActivate {
  constructor(
    private readonly authenticator: BasicAuthenticator,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.account = await this.authenticator.authenticate(request.raw);
    if (request.account === null && this.#isAccountRequired(context)) throw notAuthorized();
    return true;
  }

  #isAccountRequired(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride(AccountRequired, targets) ?? false;
  }
}
