import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

/** The caller of a request that has passed BasicGuard; throws for any other, which is a bug in the wiring. */
export function callerOf({ tenant, account, network }: FastifyRequest): Caller {
  if (account === undefined) throw new Error('a request reached its controller past BasicGuard');
  return { tenant, account, network };
}

/** `@CurrentCaller() caller: Caller` on a controller's parameter. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
