import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { decodeReply, encodeQuery, type DnsQuestion, type DnsReply } from './dns-message.js';

export interface DnsServerAddress {
  readonly host: string;
  readonly port: number;
}

const DNS_PORT = 53;
/** Larger datagrams are dropped: a query without EDNS gets at most 512 bytes. */
const DATAGRAM_BYTES_MAX = 4096;
const LENGTH_PREFIX_BYTES = 2;

/** `127.0.0.1:53`, `192.0.2.1`, `[2001:db8::1]:53`, `2001:db8::1`. */
export function parseServerAddress(text: string): DnsServerAddress {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: port === undefined ? DNS_PORT : Number(port) };
}

/** Asks over UDP, and over TCP if the response was truncated. Rejects on abort of the signal and on network errors. */
export async function askServer(
  server: DnsServerAddress,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<DnsReply> {
  const reply = await askByUdp(server, question, signal);
  return reply.isTruncated ? await askByTcp(server, question, signal) : reply;
}

function askByUdp(
  server: DnsServerAddress,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<DnsReply> {
  const query = encodeQuery(question);
  // One socket for each query: a random source port makes a forged response harder (RFC 5452).
  const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
  return new Promise<DnsReply>((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    socket.on('error', reject);
    // On a connected socket the kernel drops datagrams of other senders and reports a closed port.
    socket.connect(server.port, server.host, () => socket.send(query.bytes));
    socket.on('message', (bytes) => {
      if (bytes.length > DATAGRAM_BYTES_MAX) return;
      const reply = decodeReply(bytes, query, question);
      if (reply !== null) resolve(reply);
    });
  }).finally(() => socket.close());
}

function askByTcp(
  server: DnsServerAddress,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<DnsReply> {
  const query = encodeQuery(question);
  const socket = connect(server.port, server.host);
  return new Promise<DnsReply>((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the DNS server closed the connection')));
    socket.on('connect', () => socket.write(withLength(query.bytes)));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const message = firstMessage(received);
      if (message === null) return;
      const reply = decodeReply(message, query, question);
      if (reply === null) reject(new Error('the DNS server answered something else'));
      else resolve(reply);
    });
  }).finally(() => socket.destroy());
}

/** RFC 1035 section 4.2.2: over TCP a message is preceded by its length. */
export function withLength(message: Buffer): Buffer {
  const prefix = Buffer.alloc(LENGTH_PREFIX_BYTES);
  prefix.writeUInt16BE(message.length);
  return Buffer.concat([prefix, message]);
}

/** The first message (at most 64 KB) of a TCP stream; null until it is complete. */
export function firstMessage(stream: Buffer): Buffer | null {
  if (stream.length < LENGTH_PREFIX_BYTES) return null;
  const end = LENGTH_PREFIX_BYTES + stream.readUInt16BE(0);
  return stream.length < end ? null : stream.subarray(LENGTH_PREFIX_BYTES, end);
}
