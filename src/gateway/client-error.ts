import type { Duplex } from 'node:stream';
import { SECOND } from '../shared/durations.js';
import { sendAndClose } from './close-socket.js';
import { rawGatewayAnswer } from './gateway-answer.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** How long a client has to read the answer before the connection is destroyed. */
const REFUSAL_TIMEOUT = 5 * SECOND;

/**
 * Answers bytes that are not a valid HTTP request with JSON, and closes the connection. Returns the status, or null when
 * the connection is gone or already has this answer.
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Duplex,
  headers: Readonly<Record<string, string>>,
  bodyOf?: (status: number) => Readonly<Record<string, string>>,
): number | null {
  // Node emits 'clientError' again for later bytes on the same connection.
  if (socket.writableEnded) return null;
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return null;
  }
  const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
  sendAndClose(socket, rawGatewayAnswer(status, headers, bodyOf?.(status)), REFUSAL_TIMEOUT);
  return status;
}
