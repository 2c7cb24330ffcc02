import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { requireFresh } from '../accounts/sessions/fresh.js';
import { AppError } from '../shared/app-error.js';
import { callerOf } from './current-caller.decorator.js';
import { FreshSignIn } from './fresh-sign-in.decorator.js';

/** It runs after AccountRequiredGuard and ScopeGuard. */
@Injectable()
export class FreshSignInGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): true {
    const targets = [context.getHandler(), context.getClass()];
    const needed = this.reflector.getAllAndOverride(FreshSignIn, targets);
    if (needed === undefined) return true;
    const { session, token } = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (session !== null) requireFresh(session);
    else if (token !== null && needed === 'browsers only') throw sessionNeeded();
    return true;
  }
}

function sessionNeeded(): AppError {
  return new AppError('forbidden', 'Only a browser that is signed in may do this.', {
    reason: 'SESSION_NEEDED',
  });
}
