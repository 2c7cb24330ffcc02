import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';

export const BODY_BYTES_MAX = 1024 * 1024;
/** Bytes of a too large body that are still read, so that the client gets the answer and not a connection reset. */
const DRAIN_BYTES_MAX = 32 * 1024 * 1024;
const DRAIN_TIME_MAX = 15 * SECOND;
const DRAIN_CHECK_EVERY = 250;

/** The requests whose bodies were too large. */
const drained = new WeakSet<IncomingMessage>();

const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+\s*(?:;|$)/;
const UNTYPED = 'application/octet-stream';

/** Passes every body to the controllers as raw bytes. It ignores the Content-Type, which clients often set wrong. */
export function registerBodyParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
    readBody(request, payload),
  );
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // Fastify closes the connection after a body that it could not read. This body is read and discarded.
    if (drained.has(request.raw)) reply.removeHeader('connection');
    done(null, payload);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Fastify answers 415 to a malformed Content-Type, and does not read a body without one over HTTP/2.
    const { headers, method } = request.raw;
    if (method !== 'GET' && method !== 'HEAD' && !MEDIA_TYPE.test(headers['content-type'] ?? '')) {
      headers['content-type'] = UNTYPED;
    }
    done();
  });
}

function readBody(request: FastifyRequest, payload: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (): void => {
      payload.off('data', collect);
      drain(request, payload);
      reject(new AppError('payload_too_large', `The request body exceeds ${BODY_BYTES_MAX} bytes`));
    };
    const collect = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) refuse();
      else chunks.push(chunk);
    };
    if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) return refuse();
    payload.on('data', collect);
    payload.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    // `close` follows `end` and `error` too.
    payload.once('close', () => {
      if (!payload.readableEnded)
        reject(new AppError('invalid_request', 'The request body is incomplete'));
    });
    payload.once('error', () => undefined);
  });
}

/** Reads and discards the rest of a body, so that the connection stays usable. Destroys it beyond a size or a time. */
function drain(request: FastifyRequest, payload: Readable): void {
  const { socket } = request.raw;
  drained.add(request.raw);
  const bytesBefore = socket.bytesRead;
  const giveUpAt = performance.now() + DRAIN_TIME_MAX;
  payload.resume();
  const watch = setInterval(() => {
    if (socket.bytesRead - bytesBefore > DRAIN_BYTES_MAX || performance.now() > giveUpAt)
      socket.destroy();
    if (socket.destroyed || payload.readableEnded || payload.destroyed) clearInterval(watch);
  }, DRAIN_CHECK_EVERY).unref();
}
