import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Account } from '../accounts/account.js';
import type { SessionIdentity } from '../accounts/sessions/session.js';
import type { TokenIdentity } from '../accounts/tokens/token-record.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's account. Null: anonymous. Undefined: BasicGuard has not run. */
    account?: Account | null;
    /** The token by which the caller signed in; absent for anonymous callers. */
    token?: TokenIdentity;
    /** The session by which the caller signed in; absent for all others. */
    session?: SessionIdentity;
  }
}

/**
 * Sets `request.account`, and `request.token` or `request.session`, on every route. A request without an Authorization header
 * is signed in by its cookie, if it has one (SessionSignIn), and is anonymous otherwise. Beside the header the cookie counts for nothing.
 * Throws AppError `not_authorized` for any other header that does not sign in, even where no account is required, and
 * `unavailable` when the accounts cannot be read.
 */
export abstract class BasicGuard implements CanActivate {
  abstract canActivate(context: ExecutionContext): boolean | Promise<boolean>;
}
