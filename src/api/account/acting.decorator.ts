import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { actingOf } from '../../auth/acting.js';
import { callerOf } from '../../auth/current-caller.decorator.js';

/** `@Acting() acting: Grantor` on a parameter of a route that requires an account. */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext): Grantor =>
  actingOf(callerOf(context.switchToHttp().getRequest<FastifyRequest>())),
);
