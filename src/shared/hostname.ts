import { domainToASCII, domainToUnicode } from 'node:url';
import { z } from 'zod';

/** A DNS host name: A-labels, lower case, no port, no trailing dot, at least two labels, never an IP address. */
export type Hostname = string & z.$brand<'Hostname'>;

// Before domainToASCII, which parses a URL's host and would let `a.example/x`, `a%2eexample` or a tab through.
const LETTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;
const ASCII = /^[a-z0-9.-]+$/;
const LABELS = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// A name that ends in a number is an IPv4 address to every URL parser: `127.1`, `0x7f.0.0.1`.
const ENDS_IN_NUMBER = /\.(?:\d+|0x[0-9a-f]*)$/;
const LENGTH_MAX = 253;
// A U-label is never longer than its A-label by more than this; what is longer is not worth converting.
const INPUT_LENGTH_MAX = 1024;

/** The host name in `text`, normalised (RFC 5890 A-labels, RFC 4343 case), or null when there is none. */
export function parseHostname(text: string): Hostname | null {
  if (text.length > INPUT_LENGTH_MAX) return null;
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  const ascii = toAscii(bare);
  if (ascii.length > LENGTH_MAX || !LABELS.test(ascii) || ENDS_IN_NUMBER.test(ascii)) return null;
  return ascii as Hostname;
}

function toAscii(text: string): string {
  // Plain lower-case names, nearly all of them, skip the conversion.
  if (ASCII.test(text) && !text.includes('xn--')) return text;
  if (!LETTERS.test(text)) return '';
  const ascii = domainToASCII(text);
  // An A-label that does not decode stands for no name at all.
  return domainToUnicode(ascii).includes('xn--') ? '' : ascii;
}

/** For names that this program or its operator wrote: throws where parseHostname() answers null. */
export function requireHostname(text: string): Hostname {
  const hostname = parseHostname(text);
  if (hostname === null) throw new Error(`not a host name: ${text.slice(0, 100)}`);
  return hostname;
}
