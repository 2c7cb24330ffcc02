import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { replyOf, requestOf } from '../auth/route-mark.js';
import { BodyBudget } from './body-budget.js';
import { hasNoBody, readBody } from './request-body.js';

/** Reads the request's body. It stands after all other guards: what they refuse costs no memory for a body. */
@Injectable()
export class BodyGuard implements CanActivate {
  constructor(private readonly budget: BodyBudget) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    return hasNoBody(requestOf(context)) || this.#read(context);
  }

  async #read(context: ExecutionContext): Promise<true> {
    const request = requestOf(context);
    request.body = await readBody(request, replyOf(context), this.budget);
    return true;
  }
}
