import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../shared/app-error.js';
import { callerOf } from './current-caller.decorator.js';
import { Scoped } from './scoped.decorator.js';

/** The `reason` of the AppError `forbidden` that ScopeGuard throws. */
export const SCOPE_MISSING = 'SCOPE_MISSING';

/** Refuses an API token the routes that its scopes do not open. It runs after AccountRequiredGuard. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { token } = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (token === null) return true;
    const targets = [context.getHandler(), context.getClass()];
    const scope = this.reflector.getAllAndOverride(Scoped, targets);
    if (scope === 'any' || (scope !== undefined && token.scopes.includes(scope))) return true;
    throw new AppError(
      'forbidden',
      `This token does not have the scope ${scope ?? 'needed here'}`,
      {
        reason: SCOPE_MISSING,
      },
    );
  }
}
