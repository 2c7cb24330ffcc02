import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccountRequired } from './account-required.decorator.js';
import { isStranger } from './caller.js';
import { callerOf } from './current-caller.decorator.js';
import { notAuthorized } from './not-authorized.js';

/** Refuses anonymous callers and strangers on AccountRequired routes. It runs after BasicGuard. */
@Injectable()
export class AccountRequiredGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (!this.reflector.getAllAndOverride(AccountRequired, targets)) return true;
    const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (caller.account === null || isStranger(caller)) throw notAuthorized();
    return true;
  }
}
