import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Members } from '../shared/members.js';

interface Latest {
  response: ServerResponse;
}

/** The latest response of each open HTTP/1.1 connection. */
export class LatestResponses {
  readonly #all = new Members<Latest>();
  readonly #of = new WeakMap<Socket, Latest>();

  set(socket: Socket, response: ServerResponse): void {
    const known = this.#of.get(socket);
    if (known !== undefined) {
      known.response = response;
      return;
    }
    const latest: Latest = { response };
    this.#of.set(socket, latest);
    socket.once('close', this.#all.add(latest));
  }

  /** They tell the clients to close the connection. */
  endConnections(): void {
    for (const { response } of this.#all) response.shouldKeepAlive = false;
  }
}
