import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const PRINTABLE = /^[\x21-\x7e]{1,200}$/;

/** The client's `x-request-id` when it is 1 to 200 printable ASCII characters, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && PRINTABLE.test(given) ? given : randomUUID();
}
