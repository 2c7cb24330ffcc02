import { boundedCache } from '../shared/bounded-cache.js';
import { parseHostname, type Hostname } from '../shared/hostname.js';

/** `host[:port]` of RFC 9110 §7.2. The port may have any zeros in front. It does not select a tenant. */
const AUTHORITY = /^([^:[\]/?#@\s]+)(?::0*\d{0,5})?$/u;

/** Few hosts get nearly all requests. Invalid values are not cached. */
const cache = boundedCache<string, Hostname>(1000);

/** The host name of a Host or :authority value; null for an IP literal, a malformed value or one that is too long. */
export function parseAuthority(text: string): Hostname | null {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const name = AUTHORITY.exec(text)?.[1];
  const hostname = name === undefined ? null : parseHostname(name);
  if (hostname !== null) cache.set(text, hostname);
  return hostname;
}
