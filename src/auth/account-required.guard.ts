import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccountRequired } from './account-required.decorator.js';
import { isForeignAccount } from './caller.js';
import { callerOf } from './current-caller.decorator.js';
import { notAuthorized } from './not-authorized.js';

/** Refuses an AccountRequired route to anonymous callers and to foreign accounts. It runs after BasicGuard. */
@Injectable()
export class AccountRequiredGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (!this.reflector.getAllAndOverride(AccountRequired, targets)) return true;
    const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (caller.account === null || isForeignAccount(caller)) throw notAuthorized();
    return true;
  }
}
