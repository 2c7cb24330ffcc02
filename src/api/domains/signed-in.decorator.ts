import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../accounts/account.js';

/** `@SignedIn() account: Account` on a parameter of a route that requires an account. */
export const SignedIn = createParamDecorator((_: unknown, context: ExecutionContext): Account => {
  const { account } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!account) throw new Error('a route uses @SignedIn() without @AccountRequired()');
  return account;
});
