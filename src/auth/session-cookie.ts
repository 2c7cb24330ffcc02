import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { SessionValue } from '../accounts/sessions/session-value.js';

/** `__Host-`: browsers keep it for the very host that set it, over HTTPS, on every path. */
export const SESSION_COOKIE = '__Host-session';

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** The value in the request's cookie; null without one, and with more than one, of which no browser sends two. */
export function readSessionCookie({ headers }: IncomingMessage): string | null {
  const values = (headers.cookie ?? '').split(';').flatMap((pair) => {
    const [name, ...value] = pair.split('=');
    return name?.trim() === SESSION_COOKIE ? [value.join('=').trim()] : [];
  });
  const [value] = values;
  return values.length === 1 && value !== undefined ? value : null;
}

/** Sets the cookie of a new session, or of a session with a new value. */
export function setSessionCookie(reply: FastifyReply, value: SessionValue): void {
  reply.header('set-cookie', `${SESSION_COOKIE}=${value}; ${ATTRIBUTES}`);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.header('set-cookie', `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`);
}
