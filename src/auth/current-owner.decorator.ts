import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Owner } from '../accounts/sign-in/protected-changes.js';
import { visitorOf } from './current-visitor.decorator.js';

/** Whoever is signed in by a session, as they change what protects their account. */
export function ownerOf(request: FastifyRequest): Owner {
  const { account, session } = request;
  if (!account || session === undefined)
    throw new Error('a route uses @CurrentOwner() without @FreshSignIn("browsers only")');
  return { account, session, visitor: visitorOf(request) };
}

/** `@CurrentOwner() owner: Owner` on a route marked `AccountRequired()` and `FreshSignIn('browsers only')`. */
export const CurrentOwner = createParamDecorator((_: unknown, context: ExecutionContext): Owner =>
  ownerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
