import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { PENDING_MINUTES, type PendingValue } from '../accounts/second-factor/pending-sign-in.js';
import type { SessionValue } from '../accounts/sessions/session-value.js';

/** `__Host-`: browsers keep it for the very host that set it, over HTTPS, on every path. */
export const SESSION_COOKIE = '__Host-session';

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** Of a sign-in that waits for its second factor. */
const PENDING_COOKIE = '__Host-sign-in';

export function readSessionCookie(request: IncomingMessage): string | null {
  return readCookie(request, SESSION_COOKIE);
}

export function readPendingCookie(request: IncomingMessage): string | null {
  return readCookie(request, PENDING_COOKIE);
}

/** The value in the request's cookie; null without one, and with more than one, of which no browser sends two. */
function readCookie({ headers }: IncomingMessage, wanted: string): string | null {
  const values = (headers.cookie ?? '').split(';').flatMap((pair) => {
    const [name, ...value] = pair.split('=');
    return name?.trim() === wanted ? [value.join('=').trim()] : [];
  });
  const [value] = values;
  return values.length === 1 && value !== undefined ? value : null;
}

/** Sets the cookie of a new session, or of a session with a new value. */
export function setSessionCookie(reply: FastifyReply, value: SessionValue): void {
  reply.header('set-cookie', `${SESSION_COOKIE}=${value}; ${ATTRIBUTES}`);
}

export function setPendingCookie(reply: FastifyReply, value: PendingValue): void {
  const age = PENDING_MINUTES * 60;
  reply.header('set-cookie', `${PENDING_COOKIE}=${value}; ${ATTRIBUTES}; Max-Age=${age}`);
}

export function clearPendingCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${PENDING_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
}
