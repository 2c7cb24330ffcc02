import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMMON_HEADERS } from '../region/response-headers.js';
import { requestIdOf } from '../region/request-id.js';

/** An answer of the edge itself: the request belongs to no cell, or to none that can take it. */
export interface GatewayAnswer {
  readonly status: number;
  /** JSON; a string is sent as it is, as plain text. */
  readonly body: string | Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes the answer as JSON, whatever was asked for: the API's promise, and for pages the plain truth. Text is for machines that expect it. */
export function writeGatewayAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: GatewayAnswer,
): string {
  const requestId = requestIdOf(request.headers);
  const { body } = answer;
  const [type, text] =
    typeof body === 'string' ? ['text/plain', body] : ['application/json', JSON.stringify(body)];
  response.writeHead(answer.status, {
    ...COMMON_HEADERS,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'x-request-id': requestId,
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
  return requestId;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
};

/** The same for a request that could not be parsed, so that there is only a socket to write to. */
export function rawGatewayAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
): string {
  const text = JSON.stringify({ message: REASONS[status] ?? 'Bad Request' });
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    ...Object.entries({ ...COMMON_HEADERS, ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    'connection: close',
    '',
    text,
  ].join('\r\n');
}
