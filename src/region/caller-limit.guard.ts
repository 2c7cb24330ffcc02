import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { callerOf } from '../auth/current-caller.decorator.js';
import { replyOf, requestOf, routeMark } from '../auth/route-mark.js';
import { Limited, type ChargedAction } from '../limits/limited.decorator.js';
import { RateLimits } from '../limits/rate-limits.js';
import { chargesOf } from '../auth/caller-charges.js';
import { applyStanding } from '../limits/limit-headers.js';

const limited = routeMark(Limited);

/** The limit on what a route does, by account, or without one by network. It stands after BasicGuard. */
@Injectable()
export class CallerLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const action = limited(context);
    if (action === undefined || action === 'exempt' || action === 'by press') return true;
    return this.limits.areOff || this.#charge(context, action);
  }

  async #charge(context: ExecutionContext, action: ChargedAction): Promise<true> {
    const request = requestOf(context);
    const { id } = request.params as { readonly id?: string };
    const charges = chargesOf(action, callerOf(request), id ?? null);
    applyStanding(replyOf(context), await this.limits.charge(charges));
    return true;
  }
}
