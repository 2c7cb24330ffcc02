import type { Socket } from 'node:net';
import { Members } from '../shared/members.js';

interface Waiting {
  readonly socket: Socket;
  readonly since: number;
  stop: () => boolean;
}

/** Sockets that are to do something, such as to send a first request, in the order in which they came. */
export class WaitingSockets {
  readonly #waiting = new Members<Waiting>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Returns how the wait ends. */
  add(socket: Socket): () => boolean {
    const waiting: Waiting = { socket, since: performance.now(), stop: () => false };
    waiting.stop = this.#waiting.add(waiting);
    return waiting.stop;
  }

  /** Ends the one that has waited longest, so that another has its place. False: none has waited for so many milliseconds. */
  endOldest(leastMs: number): boolean {
    const longest = this.#waiting.first;
    if (longest === null || performance.now() - longest.since < leastMs) return false;
    longest.stop();
    longest.socket.destroy();
    return true;
  }
}
