import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyBudget } from './body-budget.js';
import { readBody } from './request-body.js';

/** Reads the request's body. It stands after all other guards: what they refuse costs no memory for a body. */
@Injectable()
export class BodyGuard implements CanActivate {
  constructor(private readonly budget: BodyBudget) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    request.body = await readBody(request, http.getResponse<FastifyReply>(), this.budget);
    return true;
  }
}
