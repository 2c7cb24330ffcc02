import type { Socket } from 'node:net';

/** Pipes two sockets into each other. When one closes, both are destroyed and `onClose` is called. */
export function pipeSockets(client: Socket, server: Socket, onClose: () => void): void {
  for (const socket of [client, server]) {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      onClose();
      client.destroy();
      server.destroy();
    });
  }
  client.pipe(server).pipe(client);
}
