import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { COMMON_HEADERS } from '../region/response-headers.js';
import { requestIdOf } from '../region/request-id.js';

/** An answer that the gateway makes itself, because no cell handles the request. */
export interface GatewayAnswer {
  readonly status: number;
  /** An object is sent as JSON, a string as plain text. */
  readonly body: string | Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the JSON names its request, as the typed errors of the APIs do. */
  readonly hasRequestId?: boolean;
}

/** Sends the answer and returns its request id. Its headers may say another type than its body has by itself. */
export function writeGatewayAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: GatewayAnswer,
): string {
  const requestId = requestIdOf(request.headers);
  const { body, hasRequestId = false } = answer;
  const [type, text] =
    typeof body === 'string'
      ? ['text/plain', body]
      : [
          'application/json',
          JSON.stringify(hasRequestId ? { ...body, request_id: requestId } : body),
        ];
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

/** For work that is expected to succeed a moment later, such as a region that is starting. */
export const RETRY_AFTER_SECONDS = 2;

export function unavailableAnswer(body: GatewayAnswer['body']): GatewayAnswer {
  return { status: 503, body, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } };
}

/** The bytes of an HTTP/1.1 error answer, for a request that Node could not parse. The connection closes after it. */
export function rawGatewayAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: Readonly<Record<string, string>>,
): string {
  const reason = STATUS_CODES[status] ?? '';
  const text = JSON.stringify(body ?? { message: reason });
  return [
    `HTTP/1.1 ${status} ${reason}`,
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
