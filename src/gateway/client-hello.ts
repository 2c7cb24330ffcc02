/** The result of reading the first bytes of a TLS connection. */
export type ClientHello =
  /** Valid so far. At least `missing` more bytes are needed. */
  | { readonly kind: 'incomplete'; readonly missing: number }
  /** Not a ClientHello. */
  | { readonly kind: 'invalid' }
  | Hello;

export interface Hello {
  readonly kind: 'hello';
  /** The `server_name` extension as the client sent it, not validated; null when it is absent. */
  readonly serverName: string | null;
  /** The ALPN protocols in the client's order of preference. */
  readonly alpn: readonly string[];
}

/** One record header and the longest record (RFC 8446 section 5.1). A longer ClientHello is refused. */
export const CLIENT_HELLO_BYTES_MAX = 5 + 16_384;

const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
const FRAGMENT_MAX = 16_384;
const HANDSHAKE_RECORD = 22;
const TLS_MAJOR = 3;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
const ALPN = 16;

const INVALID: ClientHello = { kind: 'invalid' };

/** Reads the first message of a TLS connection (RFC 8446 section 4.1.2), split into any number of records. */
export function parseClientHello(bytes: Buffer): ClientHello {
  const fragments: Buffer[] = [];
  let needed = MESSAGE_HEADER;
  let isHeaderRead = false;
  for (let offset = 0; ;) {
    const record = readRecord(bytes, offset, needed);
    if (!Buffer.isBuffer(record)) return record;
    fragments.push(record);
    offset += RECORD_HEADER + record.length;
    needed -= record.length;
    if (!isHeaderRead && needed <= 0) {
      const start = joined(fragments);
      const length = start.readUIntBE(1, 3);
      if (start[0] !== CLIENT_HELLO || length > FRAGMENT_MAX) return INVALID;
      needed += length;
      isHeaderRead = true;
    }
    // No other message may follow the ClientHello in its record: the client has to wait for the server's answer.
    if (isHeaderRead && needed < 0) return INVALID;
    if (isHeaderRead && needed === 0) return readHello(joined(fragments).subarray(MESSAGE_HEADER));
  }
}

/**
 * The content of one record, or the reason why there is none. Other protocols are recognised by the first byte.
 * @param needed the least content in bytes that the message still lacks. It counts as missing, so a ClientHello in
 *   thousands of small records is not parsed again for each record
 */
function readRecord(bytes: Buffer, offset: number, needed: number): Buffer | ClientHello {
  const available = bytes.length - offset;
  if (available > 0 && bytes[offset] !== HANDSHAKE_RECORD) return INVALID;
  if (available > 1 && bytes[offset + 1] !== TLS_MAJOR) return INVALID;
  if (available < RECORD_HEADER) {
    return { kind: 'incomplete', missing: RECORD_HEADER - available + needed };
  }
  const length = bytes.readUInt16BE(offset + 3);
  if (length === 0 || length > FRAGMENT_MAX) return INVALID;
  const end = offset + RECORD_HEADER + length;
  if (bytes.length < end) {
    const inLaterRecords = needed > length ? RECORD_HEADER + needed - length : 0;
    return { kind: 'incomplete', missing: end - bytes.length + inLaterRecords };
  }
  return bytes.subarray(offset + RECORD_HEADER, end);
}

function joined(fragments: readonly Buffer[]): Buffer {
  return fragments.length === 1 ? (fragments[0] as Buffer) : Buffer.concat(fragments);
}

function readHello(body: Buffer): ClientHello {
  try {
    const hello = new Reader(body, 0, body.length);
    hello.skip(2 + 32); // version, random
    hello.skip(hello.number(1)); // session id
    hello.skip(hello.number(2)); // cipher suites
    hello.skip(hello.number(1)); // compression methods
    return hello.isAtEnd ? { kind: 'hello', serverName: null, alpn: [] } : readExtensions(hello);
  } catch (error) {
    if (error instanceof RangeError) return INVALID;
    throw error;
  }
}

function readExtensions(hello: Reader): Hello {
  const list = hello.block(2);
  hello.finish();
  const types = new Set<number>();
  let serverName: string | null = null;
  let alpn: string[] = [];
  while (!list.isAtEnd) {
    const type = list.number(2);
    // With two names the gateway and OpenSSL could each use a different one (RFC 8446 section 4.2).
    if (types.has(type)) throw new RangeError('duplicate extension');
    types.add(type);
    if (type === SERVER_NAME) serverName = readServerName(list.block(2));
    else if (type === ALPN) alpn = readProtocols(list.block(2));
    else list.skip(list.number(2));
  }
  return { kind: 'hello', serverName, alpn };
}

/** RFC 6066 section 3. Exactly one name, as in OpenSSL. */
function readServerName(extension: Reader): string {
  const list = extension.block(2);
  extension.finish();
  if (list.number(1) !== HOST_NAME) throw new RangeError('not a host name');
  const name = list.block(2).text();
  list.finish();
  return name;
}

/** RFC 7301 section 3.1. */
function readProtocols(extension: Reader): string[] {
  const list = extension.block(2);
  extension.finish();
  const protocols: string[] = [];
  while (!list.isAtEnd) protocols.push(list.block(1).text());
  return protocols;
}

/** Reads length-prefixed data between two offsets of `bytes`. Throws RangeError at the end of the data. */
class Reader {
  #offset: number;

  constructor(
    private readonly bytes: Buffer,
    start: number,
    private readonly end: number,
  ) {
    this.#offset = start;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.end;
  }

  skip(length: number): void {
    if (length > this.end - this.#offset) throw new RangeError('past the end');
    this.#offset += length;
  }

  /** An unsigned number of `width` bytes. */
  number(width: 1 | 2): number {
    const at = this.#offset;
    this.skip(width);
    return width === 1 ? this.bytes.readUInt8(at) : this.bytes.readUInt16BE(at);
  }

  /** Data after its length, which is a number of `width` bytes. */
  block(width: 1 | 2): Reader {
    const length = this.number(width);
    const start = this.#offset;
    this.skip(length);
    return new Reader(this.bytes, start, this.#offset);
  }

  text(): string {
    const start = this.#offset;
    this.#offset = this.end;
    return this.bytes.toString('latin1', start, this.end);
  }

  finish(): void {
    if (!this.isAtEnd) throw new RangeError('unexpected bytes at the end');
  }
}
