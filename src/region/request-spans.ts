import type { IncomingMessage, RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Region } from '../config/region.js';
import { isTracing, startSpan, within, type OpenSpan } from '../shared/tracing.js';
import { METHODS } from './request-journal.js';
import { STATUS_PATH } from './status-route.js';

const spans = new WeakMap<IncomingMessage, OpenSpan>();

/** Makes a span of each request, if traces are sent. It has the route's template and never the path, which can have a key. */
export function withRequestSpans(handler: RequestListener, region: Region): RequestListener {
  if (!isTracing()) return handler;
  return (request, response) => {
    const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'OTHER';
    const { traceparent } = request.headers;
    const span = startSpan(method, {
      kind: 'server',
      facts: { 'http.request.method': method, 'gateway.region': region },
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    if (span === null) return handler(request, response);
    spans.set(request, span);
    if (request.url === STATUS_PATH) nameByRoute(request, STATUS_PATH);
    response.once('close', () => {
      span.add({ 'http.response.status_code': response.statusCode });
      if (response.statusCode >= 500) span.fail(String(response.statusCode));
      span.end();
    });
    within(span, () => handler(request, response));
  };
}

/** Tells the spans which route took their request. */
export function nameSpans(fastify: FastifyInstance): void {
  if (!isTracing()) return;
  fastify.addHook('onRequest', (request, _reply, done) => {
    spans.get(request.raw)?.add({ 'gateway.request_id': request.id });
    if (!request.is404) nameByRoute(request.raw, request.routeOptions.url ?? '');
    done();
  });
}

function nameByRoute(request: IncomingMessage, route: string): void {
  const span = spans.get(request);
  span?.rename(`${request.method} ${route}`);
  span?.add({ 'http.route': route });
}
