import type { Server, Socket } from 'node:net';
import { onAcceptFailure } from './listen.js';

/** The listeners that workers share. */
export type SharedListener = 'https' | 'http' | 'admin';

/** A socket that listens, and what it is for. */
export interface ListeningSocket {
  readonly listener: SharedListener;
  readonly server: Server;
}

/** As received: a handle that was closed before it was sent does not come with its message. */
interface ReceivedSocket {
  readonly listener: SharedListener;
  readonly server: Server | undefined;
}

/**
 * Sockets that listen, as another process has handed them over. They accept at once, as that process does until it
 * stops; what they accept waits here until this process has taken them over.
 */
export class InheritedSockets {
  readonly #servers = new Map<SharedListener, Server[]>();
  readonly #waiting = new Map<SharedListener, Socket[]>();
  readonly #targets = new Map<SharedListener, Server>();

  add({ listener, server }: ReceivedSocket): void {
    if (server === undefined) return;
    // Too late: this process has opened sockets of its own.
    if (this.#targets.has(listener)) return void server.close();
    this.#servers.set(listener, [...this.of(listener), server]);
    acceptAsOurs(server).on('connection', (socket) => this.addConnection(listener, socket));
    // Until it is taken over: the process that sent it accepts on it as well.
    onAcceptFailure(server, () => undefined);
  }

  /** A connection that was accepted on the way. Node makes it without options. It is read at once, and the bytes wait in it. */
  addConnection(listener: SharedListener, socket: Socket | undefined): void {
    if (socket === undefined) return;
    Object.assign(socket, { allowHalfOpen: true });
    socket.setNoDelay(true);
    const target = this.#targets.get(listener);
    if (target !== undefined) {
      target.emit('connection', socket);
      return;
    }
    // A client may leave while its connection waits.
    socket.on('error', () => socket.destroy());
    this.#waiting.set(listener, [...(this.#waiting.get(listener) ?? []), socket]);
  }

  of(listener: SharedListener): readonly Server[] {
    return this.#servers.get(listener) ?? [];
  }

  /** From now on `target` serves the connections, those that wait first. */
  serveBy(listener: SharedListener, target: Server): void {
    this.#targets.set(listener, target);
    for (const socket of this.#waiting.get(listener) ?? [])
      if (!socket.destroyed) target.emit('connection', socket);
    this.#waiting.delete(listener);
  }
}

/**
 * Node makes the server of a received socket without options. As http and tls servers accept: not paused, since an
 * http server never reads a connection that is.
 */
function acceptAsOurs(server: Server): Server {
  return Object.assign(server, { allowHalfOpen: true, noDelay: true });
}
