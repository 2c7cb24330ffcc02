import type { IncomingMessage } from 'node:http';

/** The credentials of a request, not verified yet. Never log either. */
export interface BasicCredentials {
  readonly email: string;
  readonly token: string;
}

// RFC 9110 section 11.4 and RFC 7617: the scheme in any letter case, spaces, padded base64; nothing before or after.
const BASIC = /^basic +((?:[a-z0-9+/]{4})+|(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=))$/i;
const CONTROL = /\p{Cc}/u;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether a request has no Authorization header. An empty header is a header, and is refused. */
export function isAnonymous(request: IncomingMessage): boolean {
  return request.headers.authorization === undefined;
}

/** The credentials of a request; null without an Authorization header, with a malformed one, or with more than one. */
export function readBasicCredentials(request: IncomingMessage): BasicCredentials | null {
  const { authorization } = request.headers;
  // Node keeps the first of several headers. A proxy in front may have checked the last.
  if (authorization === undefined || countAuthorizations(request.rawHeaders) > 1) return null;
  return parseBasicCredentials(authorization);
}

/** The credentials in the value of an Authorization header, split at the first colon; null when it is malformed. */
export function parseBasicCredentials(authorization: string): BasicCredentials | null {
  const base64 = BASIC.exec(authorization)?.[1];
  const text = base64 === undefined ? null : decodeBase64(base64);
  if (text === null || CONTROL.test(text)) return null;
  const colon = text.indexOf(':');
  const token = text.slice(colon + 1);
  return colon > 0 && token !== '' ? { email: text.slice(0, colon), token } : null;
}

function decodeBase64(base64: string): string | null {
  const bytes = Buffer.from(base64, 'base64');
  // RFC 4648 §3.5: unused bits before the padding must be zero, so that each credential has one encoding.
  if (bytes.toString('base64') !== base64) return null;
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

function countAuthorizations(rawHeaders: readonly string[]): number {
  return rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  ).length;
}
