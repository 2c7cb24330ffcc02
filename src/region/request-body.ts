import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { constants } from 'node:http2';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';
import { readMediaType } from '../shared/forms/media-type.js';
import { isHttp2 } from '../shared/http-version.js';
import { BodyBuffer } from './body-buffer.js';
import type { BodyBudget, BodyRefusal } from './body-budget.js';
import type { BodyLimits } from './body-limits.js';

/** Bytes of a refused body that are still read, so that the client gets the answer and not a connection reset. */
const DRAIN_BYTES_MAX = 32 * 1024 * 1024;
const DRAIN_TIME_MAX = 15 * SECOND;
const DRAIN_CHECK_EVERY = 250;
/** A place is free again as soon as another body is answered. */
const BUSY_RETRY_SECONDS = 1;

/** What readBody() gave or gives. */
const reads = new WeakMap<IncomingMessage, Promise<Buffer | undefined>>();

/** The bodies that Fastify passed on and nobody has read yet. */
const unread = new WeakMap<IncomingMessage, Readable>();

/** What asks the client to send the body, for each request that waits to be asked. */
const asks = new WeakMap<IncomingMessage, () => void>();

const UNTYPED = 'application/octet-stream';

/** Keeps `ask` until the body is read: a body that is refused beforehand is not asked for (`Expect: 100-continue`). */
export function askForBody(request: IncomingMessage, ask: () => void): void {
  asks.set(request, ask);
}

/** Whether the client waits to be asked for the body. */
export function isAwaited(request: IncomingMessage): boolean {
  return asks.has(request);
}

/**
 * Leaves every body unread: readBody() reads it, when the guards have let the request pass. It ignores the Content-Type,
 * which clients often set wrong.
 */
export function registerBodyParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (request, payload: IncomingMessage, done) => {
    unread.set(request.raw, payload);
    done(null);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const body = unread.get(request.raw);
    const answer = (): void => done(null, payload);
    if (body === undefined) return answer();
    // Node closes the connection with its last answer, and bytes that arrive after that reset it: the client would lose
    // the answer.
    const isLast = !isHttp2(request.raw) && !reply.raw.shouldKeepAlive;
    discard(request.raw, body, isLast ? answer : null);
    if (!isLast) answer();
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Fastify answers 415 to a malformed Content-Type, and does not read a body without one over HTTP/2.
    const { headers, method } = request.raw;
    if (method !== 'GET' && method !== 'HEAD' && readMediaType(headers['content-type']) === null)
      headers['content-type'] = UNTYPED;
    done();
  });
}

/** True when there is nothing to read, and nothing was read. */
export function hasNoBody({ raw }: FastifyRequest): boolean {
  return !unread.has(raw) && !reads.has(raw);
}

/**
 * The raw bytes of the request's body; undefined when it has none. The budget has them back when the answer is sent. A
 * second call gets what the first got.
 */
export function readBody(
  request: FastifyRequest,
  reply: FastifyReply,
  budget: BodyBudget,
): Promise<Buffer | undefined> {
  const read = reads.get(request.raw) ?? readOnce(request, reply, budget);
  reads.set(request.raw, read);
  return read;
}

function readOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  budget: BodyBudget,
): Promise<Buffer | undefined> {
  const payload = unread.get(request.raw);
  if (payload === undefined) return Promise.resolve(undefined);
  // The client left while the guards decided: no event would tell.
  if (payload.destroyed || payload.readableEnded || wireOf(request.raw).destroyed)
    return Promise.reject(incomplete());
  const announced = Number(request.headers['content-length'] ?? 0);
  const refusal = refusalOf(request.headers, announced, budget.limits);
  if (refusal !== null) return Promise.reject(refusal);
  return collect(payload, { request, reply, budget, announced });
}

interface Collecting {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly budget: BodyBudget;
  /** The Content-Length, or 0. */
  readonly announced: number;
}

/** Resolves to the whole body. A refusal leaves the rest to the hook above, which sees it as unread. */
function collect(payload: Readable, collecting: Collecting): Promise<Buffer> {
  const { request, reply, budget, announced } = collecting;
  const { limits } = budget;
  const wire = wireOf(request.raw);
  return new Promise((resolve, reject) => {
    const refuse = (refusal: AppError): void => {
      payload.off('data', onData).pause();
      held.complete();
      reject(refusal);
    };
    const held = budget.open({
      networks: [request.client.near, request.network],
      isGone: () => wire.destroyed,
      onLate: () => {
        endAfterAnswer(request.raw, reply);
        refuse(late());
      },
      endConnection: () => {
        if (isHttp2(request.raw)) return false;
        request.raw.socket.destroy();
        return true;
      },
    });
    reply.raw.once('close', () => held.release());
    const buffer = new BodyBuffer(announced > 0 ? announced : limits.bytesMax);
    const onData = (chunk: Buffer): void => {
      held.receive(chunk.length);
      const refusal =
        refusalOf(request.headers, buffer.length + chunk.length, limits) ??
        busyOf(held.reserve(buffer.growthFor(chunk.length)));
      if (refusal === null) buffer.append(chunk);
      else refuse(refusal);
    };
    payload.on('data', onData);
    payload.once('end', () => {
      unread.delete(request.raw);
      held.complete();
      // A stream that the client resets ends as well.
      if (wire.destroyed) reject(incomplete());
      else resolve(buffer.content());
    });
    // `close` follows `end` and `error` too.
    payload.once('close', () => {
      if (!payload.readableEnded) refuse(incomplete());
    });
    payload.once('error', () => undefined);
    asks.get(request.raw)?.();
    asks.delete(request.raw);
  });
}

function busyOf(refusal: BodyRefusal | null): AppError | null {
  if (refusal === null) return null;
  return new AppError('busy', 'Too many large requests are being sent. Please try again.', {
    retryAfterSeconds: BUSY_RETRY_SECONDS,
  });
}

function incomplete(): AppError {
  return new AppError('invalid_request', 'The request body is incomplete');
}

function late(): AppError {
  return new AppError('request_timeout', 'The request body did not arrive in time.');
}

/** The client is still sending a body that nobody waits for: its stream or connection ends when the answer is sent. */
function endAfterAnswer(request: IncomingMessage, reply: FastifyReply): void {
  unread.delete(request);
  if (!isHttp2(request)) {
    reply.header('connection', 'close');
  } else {
    const { stream } = request;
    // The response's own 'finish' waits for the end of the request as well.
    stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
  }
}

/** Why a body of so many bytes is not read; null when it is. An empty body has nothing that could be misread. */
function refusalOf(
  headers: IncomingHttpHeaders,
  bytes: number,
  { bytesMax }: BodyLimits,
): AppError | null {
  if (bytes > bytesMax)
    return new AppError('payload_too_large', `The request body exceeds ${bytesMax} bytes`);
  const isAnnounced = bytes > 0 || headers['transfer-encoding'] !== undefined;
  return isAnnounced && isEncoded(headers) ? encoded() : null;
}

/** Compressed bytes would be read as text. Node has decoded `chunked`, and no other transfer coding. */
function isEncoded(headers: IncomingHttpHeaders): boolean {
  if (!headers['content-encoding'] && !headers['transfer-encoding']) return false;
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

/**
 * Reads and discards the rest of a body, so that the connection stays usable. Beyond a size or a time it ends the
 * connection.
 * @param answer called once, when no more is read; null: the answer does not wait. An answer that waits ends the connection
 */
function discard(request: IncomingMessage, payload: Readable, answer: (() => void) | null): void {
  unread.delete(request);
  // The client was not asked for this body. Whether it sends it is unknown, so the connection ends with the answer.
  const isUnasked = asks.has(request) && !isHttp2(request);
  if (isUnasked || payload.destroyed) return answer?.();
  const giveUpAt = performance.now() + DRAIN_TIME_MAX;
  let bytes = 0;
  const watch = setInterval(() => {
    if (bytes > DRAIN_BYTES_MAX || performance.now() > giveUpAt) end();
  }, DRAIN_CHECK_EVERY).unref();
  const over = (): void => {
    clearInterval(watch);
    answer?.();
  };
  const end = (): void => {
    payload.off('close', over);
    over();
    if (answer === null) cutOff(request);
  };
  payload.on('data', (chunk: Buffer) => (bytes += chunk.length));
  // It follows 'end', 'error', and the end of the connection.
  payload.once('close', over);
  payload.resume();
}

/** Over HTTP/2 the other streams of the connection go on. */
function cutOff(request: IncomingMessage): void {
  if (isHttp2(request)) request.stream.close(constants.NGHTTP2_NO_ERROR);
  else request.socket.destroy();
}

/** What the body arrives on. `socket` of an HTTP/2 request is null once its stream has ended. */
function wireOf(request: IncomingMessage): { readonly destroyed: boolean } {
  return isHttp2(request) ? request.stream : request.socket;
}
