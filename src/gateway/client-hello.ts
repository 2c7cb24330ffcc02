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
    const hello = new Reader(body);
    hello.take(2 + 32); // version, random
    hello.take(hello.number(1)); // session id
    hello.take(hello.number(2)); // cipher suites
    hello.take(hello.number(1)); // compression methods
    const extensions = hello.isAtEnd ? new Map<number, Reader>() : readExtensions(hello);
    const name = extensions.get(SERVER_NAME);
    const alpn = extensions.get(ALPN);
    return {
      kind: 'hello',
      serverName: name === undefined ? null : readServerName(name),
      alpn: alpn === undefined ? [] : readProtocols(alpn),
    };
  } catch (error) {
    if (error instanceof RangeError) return INVALID;
    throw error;
  }
}

function readExtensions(hello: Reader): Map<number, Reader> {
  const list = hello.block(2);
  hello.finish();
  const extensions = new Map<number, Reader>();
  while (!list.isAtEnd) {
    const type = list.number(2);
    // With two names the gateway and OpenSSL could each use a different one (RFC 8446 section 4.2).
    if (extensions.has(type)) throw new RangeError('duplicate extension');
    extensions.set(type, list.block(2));
  }
  return extensions;
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

/** Reads length-prefixed data. Throws RangeError at the end of the data. */
class Reader {
  #offset = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#offset === this.bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.bytes.length) throw new RangeError('past the end');
    const taken = this.bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** An unsigned number of `width` bytes. */
  number(width: 1 | 2): number {
    return this.take(width).readUIntBE(0, width);
  }

  /** Data after its length, which is a number of `width` bytes. */
  block(width: 1 | 2): Reader {
    return new Reader(this.take(this.number(width)));
  }

  text(): string {
    return this.take(this.bytes.length - this.#offset).toString('latin1');
  }

  finish(): void {
    if (!this.isAtEnd) throw new RangeError('unexpected bytes at the end');
  }
}
