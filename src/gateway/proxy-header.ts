import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

// The PROXY protocol, versions 1 and 2: https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt

/** The address that a balancer says it serves. Null: the connection is the balancer's own, or it does not know. */
type Client = string | null;

export type ProxyHeader =
  | { readonly kind: 'header'; readonly length: number; readonly client: Client }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid' };

const INVALID: ProxyHeader = { kind: 'invalid' };
const INCOMPLETE: ProxyHeader = { kind: 'incomplete' };

const V1_PREFIX = Buffer.from('PROXY ');
/** With its CR LF (section 2.1). */
const V1_BYTES_MAX = 107;
const V1_LINE = /^PROXY (TCP4|TCP6) (\S+) (\S+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})$/;
const V1_UNKNOWN = /^PROXY UNKNOWN(?: [\x20-\x7e]*)?$/;
const PORT_MAX = 65_535;

const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** Signature, version and command, family and transport, length. */
const V2_FIXED_BYTES = 16;
/** Of what follows them: the addresses and TLVs. HAProxy sends some hundred bytes; a certificate's name may be long. */
const V2_REST_MAX = 4096;
const V2_VERSION = 2;
const LOCAL = 0;
const PROXY = 1;

interface Family {
  readonly addressBytes: number;
  /** Of both addresses and, except for AF_UNIX, both ports. */
  readonly blockBytes: number;
}

const FAMILIES: Readonly<Record<number, Family>> = {
  1: { addressBytes: 4, blockBytes: 12 },
  2: { addressBytes: 16, blockBytes: 36 },
};
const UNSPECIFIED = 0;
const UNIX = 3;
const UNIX_BLOCK_BYTES = 216;
const TRANSPORT_MAX = 2;

/** No more bytes than this are read in search of a header. */
export const PROXY_HEADER_BYTES_MAX = V2_FIXED_BYTES + V2_REST_MAX;

/** Whether the bytes begin as a header does. Neither a ClientHello nor an HTTP request does. */
export function looksLikeProxyHeader(bytes: Buffer): boolean {
  return startsWith(bytes, V2_SIGNATURE) || startsWith(bytes, V1_PREFIX);
}

/** Parses the header at the beginning of a connection. What follows it begins at `length`. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (bytes.length === 0) return INCOMPLETE;
  if (startsAs(bytes, V2_SIGNATURE)) return parseVersion2(bytes);
  return startsAs(bytes, V1_PREFIX) ? parseVersion1(bytes) : INVALID;
}

function parseVersion1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, V1_BYTES_MAX).indexOf('\r\n');
  if (end === -1) return bytes.length < V1_BYTES_MAX ? INCOMPLETE : INVALID;
  const line = bytes.toString('latin1', 0, end);
  const length = end + 2;
  if (V1_UNKNOWN.test(line)) return { kind: 'header', length, client: null };
  const [, protocol, source = '', destination = '', ...ports] = V1_LINE.exec(line) ?? [];
  const version = protocol === 'TCP6' ? 6 : 4;
  if (protocol === undefined || isIP(source) !== version || isIP(destination) !== version)
    return INVALID;
  if (ports.some((port) => Number(port) > PORT_MAX)) return INVALID;
  return { kind: 'header', length, client: canonical(source) };
}

function parseVersion2(bytes: Buffer): ProxyHeader {
  if (bytes.length < V2_FIXED_BYTES) return INCOMPLETE;
  const [versionAndCommand = 0, familyAndTransport = 0] = bytes.subarray(12, 14);
  const [version, command] = [versionAndCommand >> 4, versionAndCommand & 0xf];
  const [family, transport] = [familyAndTransport >> 4, familyAndTransport & 0xf];
  const rest = bytes.readUInt16BE(14);
  if (version !== V2_VERSION || (command !== LOCAL && command !== PROXY)) return INVALID;
  if (rest > V2_REST_MAX) return INVALID;
  // A receiver ignores the addresses of LOCAL, whatever they are (section 2.2).
  const isOfClient = command === PROXY && family !== UNSPECIFIED;
  if (isOfClient && !isValidBlock(family, transport, rest)) return INVALID;
  const length = V2_FIXED_BYTES + rest;
  if (bytes.length < length) return INCOMPLETE;
  const { addressBytes } = FAMILIES[family] ?? { addressBytes: 0 };
  const hasAddress = isOfClient && addressBytes > 0 && transport > 0;
  const source = bytes.subarray(V2_FIXED_BYTES, V2_FIXED_BYTES + addressBytes);
  return { kind: 'header', length, client: hasAddress ? addressIn(source) : null };
}

function isValidBlock(family: number, transport: number, rest: number): boolean {
  const expected = family === UNIX ? UNIX_BLOCK_BYTES : FAMILIES[family]?.blockBytes;
  return expected !== undefined && transport <= TRANSPORT_MAX && rest >= expected;
}

function addressIn(bytes: Buffer): string {
  return canonical(ipaddr.fromByteArray([...bytes]).toString());
}

/** As Node gives the address of a socket; an IPv4 address within IPv6 as IPv4. */
function canonical(address: string): string {
  return ipaddr.process(address).toString();
}

/** Whether the bytes so far agree with `prefix`. */
function startsAs(bytes: Buffer, prefix: Buffer): boolean {
  const compared = Math.min(bytes.length, prefix.length);
  return bytes.subarray(0, compared).equals(prefix.subarray(0, compared));
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && startsAs(bytes, prefix);
}
