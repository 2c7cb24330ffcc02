import type { IncomingMessage } from 'node:http';
import { Http2ServerRequest } from 'node:http2';

/**
 * Whether the request is a stream of HTTP/2. Its `httpVersion` does not tell: on a connection of HTTP/1 it is what the
 * client wrote, and Node's parser takes `GET / HTTP/2.0` and `HTTP/0.9`.
 */
export function isHttp2(
  request: IncomingMessage | Http2ServerRequest,
): request is Http2ServerRequest {
  return request instanceof Http2ServerRequest;
}
