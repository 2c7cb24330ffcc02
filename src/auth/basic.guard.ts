import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Account } from '../accounts/account.js';
import type { TokenIdentity } from '../accounts/tokens/token-record.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's account. Null: anonymous. Undefined: BasicGuard has not run. */
    account?: Account | null;
    /** The token by which the caller signed in; absent for anonymous callers. */
    token?: TokenIdentity;
  }
}

/**
 * Sets `request.account` and `request.token` on every route. A request without an Authorization header is anonymous.
 * Throws AppError `not_authorized` for any other header that does not sign in, even where no account is required, and
 * `unavailable` when the accounts cannot be read.
 */
export abstract class BasicGuard implements CanActivate {
  abstract canActivate(context: ExecutionContext): Promise<boolean>;
}
