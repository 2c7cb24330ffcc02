import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const PRINTABLE = /^[\x21-\x7e]{1,200}$/;

/** The client's `x-request-id` if it has 1 to 200 printable ASCII characters, else a new UUID. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && PRINTABLE.test(given) ? given : randomUUID();
}
