import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/current-caller.decorator.js';
import { Limited } from '../limits/limited.decorator.js';
import { RateLimits } from '../limits/rate-limits.js';
import { chargesOf } from '../auth/caller-charges.js';
import { applyStanding } from '../limits/limit-headers.js';

/** The limit on what a route does, by account, or without one by network. It stands after BasicGuard. */
@Injectable()
export class CallerLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const action = this.reflector.getAllAndOverride(Limited, targets);
    if (action === undefined || action === 'exempt' || action === 'by press') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { id } = request.params as { readonly id?: string };
    const charges = chargesOf(action, callerOf(request), id ?? null);
    applyStanding(http.getResponse<FastifyReply>(), await this.limits.charge(charges));
    return true;
  }
}
