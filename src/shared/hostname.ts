import { domainToASCII, domainToUnicode } from 'node:url';
import { z } from 'zod';

/** A DNS host name: A-labels, lower case, no port, no trailing dot, at least two labels, never an IP address. */
export type Hostname = string & z.$brand<'Hostname'>;

// Checked before domainToASCII, which parses a URL's host and accepts `a.example/x`, `a%2eexample` and tabs.
const LETTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;
const ASCII = /^[a-z0-9.-]+$/;
const LABELS = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// URL parsers read a name that ends in a number as an IPv4 address: `127.1`, `0x7f.0.0.1`.
const ENDS_IN_NUMBER = /\.(?:\d+|0x[0-9a-f]*)$/;
const LENGTH_MAX = 253;
// More than any text of a valid host name: bounds the conversion.
const INPUT_LENGTH_MAX = 1024;

/** The host name in `text`, normalised to lower-case A-labels (RFC 5890, RFC 4343), or null when `text` is none. */
export function parseHostname(text: string): Hostname | null {
  if (text.length > INPUT_LENGTH_MAX) return null;
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  const ascii = toAscii(bare);
  if (ascii.length > LENGTH_MAX || !LABELS.test(ascii) || ENDS_IN_NUMBER.test(ascii)) return null;
  return ascii as Hostname;
}

function toAscii(text: string): string {
  // Nearly all names are lower-case ASCII and need no conversion.
  if (ASCII.test(text) && !text.includes('xn--')) return text;
  if (!LETTERS.test(text)) return '';
  const ascii = domainToASCII(text);
  // An A-label that does not decode is invalid.
  return domainToUnicode(ascii).includes('xn--') ? '' : ascii;
}

/** For names from this program or its operator. @throws where parseHostname() returns null */
export function requireHostname(text: string): Hostname {
  const hostname = parseHostname(text);
  if (hostname === null) throw new Error(`not a host name: ${text.slice(0, 100)}`);
  return hostname;
}
