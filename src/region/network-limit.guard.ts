import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Limited } from '../limits/limited.decorator.js';
import { RateLimits } from '../limits/rate-limits.js';
import { networkCharges } from '../limits/network-charges.js';
import { applyStanding } from '../limits/limit-headers.js';

/** The cheap limit on every request of a network. It stands before BasicGuard, which hashes and queries. */
@Injectable()
export class NetworkLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Limited, targets) === 'exempt') return true;
    const http = context.switchToHttp();
    const { client } = http.getRequest<FastifyRequest>();
    const charges = networkCharges(client, 'REQUESTS', 'REQUESTS_WIDE');
    applyStanding(http.getResponse<FastifyReply>(), this.limits.chargeMemory(charges), {
      isSilent: true,
    });
    return true;
  }
}
