import type { Socket } from 'node:net';
import { CLIENT_HELLO_BYTES_MAX, parseClientHello, type Hello } from './client-hello.js';

/** Why there is no ClientHello. */
export type NoHello = 'malformed_hello' | 'hello_timeout' | 'client_left';

interface PeekOutcome {
  /** The bytes are back in the socket, which is paused. */
  found(hello: Hello): void;
  /** The socket is still open, except for `client_left`. `bytes` is what the client sent. */
  failed(reason: NoHello, bytes: Buffer): void;
}

/**
 * Waits for the ClientHello on a new socket, at most `deadline` milliseconds, even if bytes still arrive. Calls nothing
 * when the client leaves without having sent a byte, as port scans and checks of load balancers do.
 */
export function peekClientHello(socket: Socket, deadline: number, outcome: PeekOutcome): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let wanted = 1;

  const fail = (reason: NoHello): void => {
    stop();
    outcome.failed(reason, Buffer.concat(chunks, length));
  };
  const onReadable = (): void => {
    for (let chunk = read(socket); chunk !== null; chunk = read(socket)) {
      chunks.push(chunk);
      length += chunk.length;
    }
    if (length < wanted) return;
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
    chunks.splice(0, chunks.length, bytes);
    const hello = parseClientHello(bytes);
    if (hello.kind === 'invalid') return fail('malformed_hello');
    if (hello.kind === 'incomplete') {
      wanted = length + hello.missing;
      if (wanted > CLIENT_HELLO_BYTES_MAX) fail('malformed_hello');
      return;
    }
    stop();
    socket.pause();
    socket.unshift(bytes);
    outcome.found(hello);
  };
  const onClose = (): void => {
    if (length > 0) fail('client_left');
    else stop();
  };
  const timer = setTimeout(() => fail('hello_timeout'), deadline);
  const stop = (): void => {
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.off('close', onClose);
  };

  socket.on('readable', onReadable);
  socket.on('close', onClose);
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}
