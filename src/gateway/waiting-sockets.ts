import type { Socket } from 'node:net';

/** Sockets that are to do something, such as to send a first request, in the order in which they came. */
export class WaitingSockets {
  readonly #since = new Map<Socket, number>();

  get size(): number {
    return this.#since.size;
  }

  add(socket: Socket): void {
    this.#since.set(socket, performance.now());
  }

  delete(socket: Socket): void {
    this.#since.delete(socket);
  }

  /** Ends the one that has waited longest, so that another has its place. False: none has waited for so many milliseconds. */
  endOldest(leastMs: number): boolean {
    for (const [socket, since] of this.#since) {
      if (performance.now() - since < leastMs) return false;
      this.#since.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
}
