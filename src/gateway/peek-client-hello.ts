import type { Socket } from 'node:net';
import { CLIENT_HELLO_BYTES_MAX, parseClientHello, type Hello } from './client-hello.js';

/**
 * Waits for the ClientHello on a new socket, then puts the bytes back, pauses the socket and calls `found`. Destroys the
 * socket without a call when the bytes are not a ClientHello, when it is too long, and when it is incomplete after
 * `deadline` milliseconds, even if bytes still arrive.
 */
export function peekClientHello(
  socket: Socket,
  deadline: number,
  found: (hello: Hello) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let wanted = 1;
  const timer = setTimeout(() => socket.destroy(), deadline);

  const onReadable = (): void => {
    for (let chunk = read(socket); chunk !== null; chunk = read(socket)) {
      chunks.push(chunk);
      length += chunk.length;
    }
    if (length < wanted) return;
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
    const hello = parseClientHello(bytes);
    if (hello.kind === 'incomplete') {
      wanted = length + hello.missing;
      if (wanted > CLIENT_HELLO_BYTES_MAX) socket.destroy();
      chunks.splice(0, chunks.length, bytes);
      return;
    }
    stop();
    if (hello.kind === 'invalid') {
      socket.destroy();
      return;
    }
    socket.pause();
    socket.unshift(bytes);
    found(hello);
  };
  const stop = (): void => {
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.off('close', stop);
  };

  socket.on('readable', onReadable);
  socket.on('close', stop);
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}
