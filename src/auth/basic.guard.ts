import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Account } from '../accounts/account.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's account. Null: anonymous. Undefined: BasicGuard has not run. */
    account?: Account | null;
  }
}

/**
 * Sets `request.account` on every route. A request without an Authorization header is anonymous.
 * Throws AppError `not_authorized` for any other header that does not sign in, even where no account is required, and
 * `unavailable` when the accounts cannot be read.
 */
export abstract class BasicGuard implements CanActivate {
  abstract canActivate(context: ExecutionContext): Promise<boolean>;
}
