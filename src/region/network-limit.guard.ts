import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { replyOf, requestOf, routeMark } from '../auth/route-mark.js';
import { Limited } from '../limits/limited.decorator.js';
import { RateLimits } from '../limits/rate-limits.js';
import { networkCharges } from '../limits/network-charges.js';
import { applyStanding } from '../limits/limit-headers.js';

const limited = routeMark(Limited);

/** The cheap limit on every request of a network. It stands before BasicGuard, which hashes and queries. */
@Injectable()
export class NetworkLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(context: ExecutionContext): boolean {
    if (limited(context) === 'exempt') return true;
    const { client } = requestOf(context);
    const charges = networkCharges(client, 'REQUESTS', 'REQUESTS_WIDE');
    applyStanding(replyOf(context), this.limits.chargeMemory(charges), {
      isSilent: true,
    });
    return true;
  }
}
