import { LRUCache } from 'lru-cache';
import { parseHostname, type Hostname } from '../shared/hostname.js';

/** `host[:port]` of RFC 9110 §7.2; the port says nothing about the tenant and is dropped. */
const AUTHORITY = /^([^:[\]/?#@\s]+)(?::\d{0,5})?$/u;

/** Few hosts get nearly all requests; what names none is not remembered. */
const remembered = new LRUCache<string, Hostname>({ max: 1000 });

/** The host name of a Host or :authority value, or null when it is an IP literal, garbage, or too long. */
export function parseAuthority(text: string): Hostname | null {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const name = AUTHORITY.exec(text)?.[1];
  const hostname = name === undefined ? null : parseHostname(name);
  if (hostname !== null) remembered.set(text, hostname);
  return hostname;
}
