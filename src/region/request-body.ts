import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';
import { readMediaType } from '../shared/forms/media-type.js';

export const BODY_BYTES_MAX = 1024 * 1024;
/** Bytes of a refused body that are still read, so that the client gets the answer and not a connection reset. */
const DRAIN_BYTES_MAX = 32 * 1024 * 1024;
const DRAIN_TIME_MAX = 15 * SECOND;
const DRAIN_CHECK_EVERY = 250;

/** The requests whose bodies were refused and are discarded. */
const drained = new WeakSet<IncomingMessage>();

/** What asks the client to send the body, for each request that waits to be asked. */
const asks = new WeakMap<IncomingMessage, () => void>();

const UNTYPED = 'application/octet-stream';

/** Keeps `ask` until the body is read: a body that is refused beforehand is not asked for (`Expect: 100-continue`). */
export function askForBody(request: IncomingMessage, ask: () => void): void {
  asks.set(request, ask);
}

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
    if (method !== 'GET' && method !== 'HEAD' && readMediaType(headers['content-type']) === null)
      headers['content-type'] = UNTYPED;
    done();
  });
}

function readBody(request: FastifyRequest, payload: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (refusal: AppError): void => {
      payload.off('data', collect);
      discard(request, payload);
      reject(refusal);
    };
    const collect = (chunk: Buffer): void => {
      bytes += chunk.length;
      const refusal = refusalOf(request.headers, bytes);
      if (refusal !== null) refuse(refusal);
      else chunks.push(chunk);
    };
    const announced = refusalOf(request.headers, Number(request.headers['content-length'] ?? 0));
    if (announced !== null) return refuse(announced);
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
    asks.get(request.raw)?.();
    asks.delete(request.raw);
  });
}

/** Why a body of so many bytes is not read; null when it is. An empty body has nothing that could be misread. */
function refusalOf(headers: IncomingHttpHeaders, bytes: number): AppError | null {
  if (bytes > BODY_BYTES_MAX)
    return new AppError('payload_too_large', `The request body exceeds ${BODY_BYTES_MAX} bytes`);
  const isAnnounced = bytes > 0 || headers['transfer-encoding'] !== undefined;
  return isAnnounced && isEncoded(headers) ? encoded() : null;
}

/** Compressed bytes would be read as text. Node has decoded `chunked`, and no other transfer coding. */
function isEncoded(headers: IncomingHttpHeaders): boolean {
  const codings = codingsIn(headers['content-encoding']);
  const transfers = codingsIn(headers['transfer-encoding']);
  if (transfers.at(-1) === 'chunked') transfers.pop();
  return [...codings, ...transfers].some((coding) => coding !== 'identity');
}

/** `#coding` of RFC 9110 section 5.6.1: in any letter case, with empty elements. */
function codingsIn(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '');
}

function encoded(): AppError {
  return new AppError(
    'unsupported_encoding',
    'Send the request body without a Content-Encoding, and without a Transfer-Encoding but chunked.',
  );
}

/** Reads and discards the rest of a body, so that the connection stays usable. Destroys it beyond a size or a time. */
function discard(request: FastifyRequest, payload: Readable): void {
  const { socket, httpVersionMajor } = request.raw;
  // The client was not asked for this body. Whether it sends it is unknown, so the connection ends with the answer.
  if (asks.has(request.raw) && httpVersionMajor === 1) return;
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
