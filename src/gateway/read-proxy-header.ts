import type { Socket } from 'node:net';
import { parseProxyHeader, PROXY_HEADER_BYTES_MAX } from './proxy-header.js';

/** Why a balancer's connection has no header. */
export type NoProxyHeader = 'proxy_header_invalid' | 'proxy_header_timeout';

const HEADER_BYTES = Symbol('bytes of the PROXY header');

type HeadedSocket = Socket & { [HEADER_BYTES]?: number };

/** How many bytes of the client itself have arrived: a balancer's header, even one that is not complete, is not among them. */
export function clientBytesRead(socket: Socket): number {
  return Math.max(0, socket.bytesRead - ((socket as HeadedSocket)[HEADER_BYTES] ?? 0));
}

interface Outcome {
  /** The bytes behind the header are back in the socket. `client` is null for the balancer's own connections. */
  found(client: string | null): void;
  /** The socket is still open. */
  failed(reason: NoProxyHeader): void;
}

/** Takes the PROXY header off a new socket, within `deadline` milliseconds. Calls nothing when the peer leaves first. */
export function readProxyHeader(socket: Socket, deadline: number, outcome: Outcome): void {
  let bytes = Buffer.alloc(0);
  (socket as HeadedSocket)[HEADER_BYTES] = Infinity;
  const stop = (): void => {
    clearTimeout(timer);
    socket.off('readable', onReadable).off('end', onEnd).off('close', stop);
  };
  const fail = (reason: NoProxyHeader): void => {
    stop();
    outcome.failed(reason);
  };
  const onReadable = (): void => {
    for (let chunk = read(socket); chunk !== null; chunk = read(socket))
      bytes = Buffer.concat([bytes, chunk]);
    const header = parseProxyHeader(bytes);
    if (header.kind === 'invalid') return fail('proxy_header_invalid');
    if (header.kind === 'incomplete') {
      if (bytes.length > PROXY_HEADER_BYTES_MAX) fail('proxy_header_invalid');
      return;
    }
    stop();
    (socket as HeadedSocket)[HEADER_BYTES] = header.length;
    const rest = bytes.subarray(header.length);
    if (rest.length > 0) socket.unshift(rest);
    outcome.found(header.client);
  };
  const onEnd = (): void => {
    if (bytes.length > 0) return fail('proxy_header_invalid');
    // A health check without a byte.
    stop();
    socket.destroy();
  };
  const timer = setTimeout(() => fail('proxy_header_timeout'), deadline);
  socket.on('readable', onReadable);
  socket.on('end', onEnd);
  socket.on('close', stop);
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}
