import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';
import { requestOf } from './route-mark.js';

/** The caller of a request that BasicGuard has let pass. Throws when BasicGuard is not registered, which is a bug. */
export function callerOf(request: FastifyRequest): Caller {
  const { tenant, account, token, session, network, client } = request;
  if (account === undefined) throw new Error('BasicGuard did not run for this request');
  return { tenant, account, token: token ?? null, session: session ?? null, network, client };
}

/** `@CurrentCaller() caller: Caller` on a controller's parameter. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(requestOf(context)),
);
