import { parseHostname, type Hostname } from '../shared/hostname.js';

/** `host[:port]` of RFC 9110 §7.2; the port says nothing about the tenant and is dropped. */
const AUTHORITY = /^([^:[\]/?#@\s]+)(?::\d{0,5})?$/u;

/** The host name of a Host or :authority value, or null when it is an IP literal, garbage, or too long. */
export function parseAuthority(text: string): Hostname | null {
  const name = AUTHORITY.exec(text)?.[1];
  return name === undefined ? null : parseHostname(name);
}
