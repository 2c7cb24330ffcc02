import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { TOKEN_SCOPES } from '../../accounts/tokens/token-scope.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { Caller } from '../../auth/caller.js';
import { callerOf } from '../../auth/current-caller.decorator.js';

/** Who acts, for the account's activity, and what they may give. Whoever signs in without a token may all. */
export function actingOf({ token, network }: Pick<Caller, 'token' | 'network'>): Grantor {
  return {
    actor: { kind: 'token', name: token?.name ?? null, tokenId: token?.id ?? null, network },
    scopes: token?.scopes ?? TOKEN_SCOPES,
  };
}

/** `@Acting() acting: Grantor` on a parameter of a route that requires an account. */
export const Acting = createParamDecorator((_: unknown, context: ExecutionContext): Grantor =>
  actingOf(callerOf(context.switchToHttp().getRequest<FastifyRequest>())),
);
