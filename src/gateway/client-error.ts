import type { Duplex } from 'node:stream';
import { SECOND } from '../shared/durations.js';
import { rawGatewayAnswer } from './gateway-answer.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** A client that is refused gets this long to read why. */
const REFUSAL_TIMEOUT = 5 * SECOND;

/**
 * What is no HTTP request at all still gets its answer as JSON, and the end of the connection. Returns the status, or
 * null when there is nobody to answer, or who was answered already.
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Duplex,
  headers: Readonly<Record<string, string>>,
): number | null {
  // What follows on the same connection comes here again.
  if (socket.writableEnded) return null;
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return null;
  }
  const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
  socket.end(rawGatewayAnswer(status, headers));
  // Read on: closing with bytes unread resets the connection, and the reset may overtake the answer.
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), REFUSAL_TIMEOUT);
  socket.once('close', () => clearTimeout(timer));
  return status;
}
