import type { FastifyRequest } from 'fastify';
import type { SessionIdentity } from '../accounts/sessions/session.js';
import { isSameCsrfToken } from '../accounts/sessions/session-value.js';
import { AppError } from '../shared/app-error.js';
import { isSameOrigin } from './same-origin.js';

export const CSRF_FIELD = 'csrf';
/** The `reason` of a request of a session without its token. */
export const CSRF_REFUSED = 'CSRF_TOKEN';
const CSRF_HEADER = 'x-csrf-token';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the token of the session was in a header, so that the form needs none. */
    isCsrfChecked?: boolean;
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isChange({ method }: FastifyRequest): boolean {
  return !SAFE.has(method);
}

/** Null when it is absent. */
export function csrfHeaderOf({ headers }: FastifyRequest): string | null {
  const header = headers[CSRF_HEADER];
  return typeof header === 'string' ? header : null;
}

export function requireOwnOrigin({ raw, tenant }: FastifyRequest): void {
  if (!isSameOrigin(raw.headers, tenant.origin))
    throw refused('This request comes from another site.', 'FOREIGN_ORIGIN');
}

export function requireToken(token: string | null, session: SessionIdentity): void {
  if (token === null || !isSameCsrfToken(token, session.csrfToken))
    throw refused('This page is older than your sign-in. Load it again.', CSRF_REFUSED);
}

function refused(message: string, reason: string): AppError {
  return new AppError('forbidden', message, { reason });
}
