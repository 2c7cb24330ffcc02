import type { Duplex } from 'node:stream';

/** Destroys the socket if it is still open after `timeout` milliseconds. */
export function destroyAfter(socket: Duplex, timeout: number): void {
  const timer = setTimeout(() => socket.destroy(), timeout);
  socket.once('close', () => clearTimeout(timer));
}

/** Sends the last bytes and closes. The client has `timeout` milliseconds to read them. */
export function sendAndClose(socket: Duplex, bytes: string | Buffer, timeout: number): void {
  // Node takes its own listener off a socket that it hands over, and a client may reset the connection at any time.
  socket.on('error', () => undefined);
  socket.end(bytes);
  // Closing a socket with unread bytes resets the connection, and the client may see the reset before the last bytes.
  socket.resume();
  destroyAfter(socket, timeout);
}
