import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECOND } from '../shared/durations.js';
import { isHttp2 } from '../shared/http-version.js';
import { Members } from '../shared/members.js';
import { seatOf } from './connection-gate.js';
import { writeGatewayAnswer, type GatewayAnswer } from './gateway-answer.js';
import type { TlsLimits } from './tls-listener-options.js';

const TOO_SLOW: GatewayAnswer = { status: 408, body: { message: 'Request Timeout' } };

/** How long a client may take to acknowledge a PING. Round trips of a second are usual on a poor mobile network. */
const ACKNOWLEDGED_WITHIN = 3 * SECOND;

/** The request and response of each open stream. */
const exchanges = new WeakMap<
  ServerHttp2Stream,
  readonly [Http2ServerRequest, Http2ServerResponse]
>();

interface OpenStream {
  readonly stream: ServerHttp2Stream;
  readonly openedAt: number;
}

interface Watched {
  readonly session: Http2Session;
  readonly streams: Members<OpenStream>;
  /** Since when no stream is open. */
  idleSince: number;
  hasHadStream: boolean;
  /** Resolves when its end is announced. Null: it is not. */
  ending: Promise<void> | null;
}

/** The HTTP/2 connections of a server. */
export interface Http2Sessions {
  endChecks(): void;
  /** From now on the next request of each connection announces its end. */
  endWithNextRequest(): void;
  /** Resolves when the end was announced, and the request may be answered. Null: there is nothing to wait for. */
  announce(request: IncomingMessage): Promise<void> | null;
}

/**
 * The deadlines that Node has for HTTP/1.1 only: for the first request, for a body, for a connection without a request.
 * Bytes do not extend them. A stream has a deadline as a whole as well, so that a client that does not read its answer
 * does not keep it.
 */
export function enforceHttp2Deadlines(server: EventEmitter, limits: TlsLimits): Http2Sessions {
  const sessions = new Members<Watched>();
  const watchedOf = new WeakMap<Http2Session, Watched>();
  let isEnding = false;
  server.on('session', (session: Http2Session) => {
    const watched: Watched = {
      session,
      streams: new Members(),
      idleSince: performance.now(),
      hasHadStream: false,
      ending: null,
    };
    watchedOf.set(session, watched);
    session.once('close', sessions.add(watched));
    const seat = seatOf(session.socket);
    session.on('stream', (stream) => {
      watch(stream as ServerHttp2Stream, watched);
      seat?.openStream(stream as ServerHttp2Stream);
    });
  });
  server.on(
    'request',
    (request: IncomingMessage | Http2ServerRequest, response: Http2ServerResponse) => {
      if (isHttp2(request)) exchanges.set(request.stream, [request, response]);
    },
  );
  const check = (): void => {
    const now = performance.now();
    for (const watched of sessions) checkSession(watched, { now, limits });
  };
  const timer = setInterval(check, limits.timeoutCheckInterval).unref();
  return {
    endChecks: () => clearInterval(timer),
    endWithNextRequest: () => (isEnding = true),
    announce: (request) => {
      if (!isEnding || !isHttp2(request)) return null;
      const { session } = request.stream;
      const watched = session && watchedOf.get(session);
      if (!session || !watched) return null;
      watched.ending ??= announceEnd(session);
      return watched.ending;
    },
  };
}

/**
 * What comes behind a GOAWAY is dropped, whatever stream it names: Node has no notice before it (RFC 9113 section 6.8). So
 * the answers wait until the client has acknowledged a PING: what it had sent until then is here, and a client that waits
 * for its answers sends nothing more. What another sends meanwhile is behind the last stream of the GOAWAY: not processed.
 */
async function announceEnd(session: Http2Session): Promise<void> {
  if (session.closed || session.destroyed) return;
  await acknowledged(session);
  if (!session.destroyed) session.close();
}

/** Resolves too when the client is gone, or silent. */
function acknowledged(session: Http2Session): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      session.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ACKNOWLEDGED_WITHIN);
    session.once('close', done);
    if (session.destroyed) done();
    else session.ping(done);
  });
}

function watch(stream: ServerHttp2Stream, watched: Watched): void {
  watched.hasHadStream = true;
  const leave = watched.streams.add({ stream, openedAt: performance.now() });
  stream.once('close', () => {
    leave();
    watched.idleSince = performance.now();
  });
}

function checkSession(
  { session, streams, idleSince, hasHadStream }: Watched,
  { now, limits }: { readonly now: number; readonly limits: TlsLimits },
): void {
  if (streams.size === 0) {
    const allowed = hasHadStream ? limits.keepAliveTimeout : limits.headersTimeout;
    // Sends GOAWAY. A header block that arrives byte by byte opens no stream, and ends here too.
    if (now - idleSince > allowed) session.close();
    return;
  }
  for (const { stream, openedAt } of streams) {
    const age = now - openedAt;
    const hasBody = stream.endAfterHeaders || stream.readableEnded;
    if (age > limits.streamTimeout) stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    else if (!hasBody && age > limits.requestTimeout) endLateBody(stream);
  }
}

/** An answer as over HTTP/1.1, then a reset that only ends the body (RFC 9113 section 8.1). */
function endLateBody(stream: ServerHttp2Stream): void {
  const exchange = exchanges.get(stream);
  if (exchange !== undefined && !stream.headersSent && !exchange[1].writableEnded) {
    const [request, response] = exchange as unknown as [IncomingMessage, ServerResponse];
    writeGatewayAnswer(request, response, TOO_SLOW);
  }
  if (stream.writableFinished) stream.close(constants.NGHTTP2_NO_ERROR);
  else stream.once('finish', () => stream.close(constants.NGHTTP2_NO_ERROR));
}
