import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { SECOND } from '../shared/durations.js';
import { rawEdgeAnswer } from './edge-answer.js';
import type { Gateway } from './gateway.js';

/** The listener for plain HTTP, where nothing but refusals and redirects is served. */
export function createPlainListener(gateway: Gateway): Server {
  const server = createServer({
    requireHostHeader: false,
    headersTimeout: 10 * SECOND,
    requestTimeout: 30 * SECOND,
    keepAliveTimeout: 5 * SECOND,
  });
  server.on('request', gateway.handlePlain);
  server.on('checkExpectation', gateway.handleExpectation);
  server.on('clientError', answerClientError);
  return server;
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What is no HTTP request at all still gets its answer as JSON, and the end of the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  socket.end(rawEdgeAnswer(STATUS_BY_CODE[error.code ?? ''] ?? 400));
}
