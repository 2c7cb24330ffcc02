import type { IncomingMessage } from 'node:http';

/** What a request signs in with. Neither is checked yet; neither is ever logged. */
export interface BasicCredentials {
  readonly email: string;
  readonly token: string;
}

// RFC 7617: the scheme in any letter case, one space, padded base64, and nothing else.
const BASIC = /^basic ((?:[a-z0-9+/]{4})+|(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=))$/i;
const CONTROL = /\p{Cc}/u;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The only requests that count as anonymous. An empty Authorization header is a header, and is refused. */
export function isAnonymous(request: IncomingMessage): boolean {
  return request.headers.authorization === undefined;
}

/** The credentials of a request, or null when it has none, bad ones, or more than one Authorization header. */
export function readBasicCredentials(request: IncomingMessage): BasicCredentials | null {
  const { authorization } = request.headers;
  // Of two headers Node keeps the first and drops the rest, where a proxy may have checked the last.
  if (authorization === undefined || countAuthorizations(request.rawHeaders) > 1) return null;
  return parseBasicCredentials(authorization);
}

/** The credentials in an Authorization header's value, split at the first colon; null unless it is exactly right. */
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
  // Bits that the padding leaves over must be zero (RFC 4648 §3.5): one credential has one spelling.
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
