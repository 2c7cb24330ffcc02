import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { registerTenancy } from '../tenancy/tenancy.hook.js';
import { registerBodyParser } from './request-body.js';
import { requestIdOf } from './request-id.js';
import type { RequestJournal } from './request-journal.js';
import { tenantHeaders } from './response-headers.js';
import { rewriteUrl } from './rewrite-url.js';

// A longer path parameter would get Fastify's own answer instead of the answer for an unknown key.
const PARAM_LENGTH_MAX = 16 * 1024;

export interface HttpAdapter {
  readonly adapter: FastifyAdapter;
  readonly fastify: FastifyInstance;
  /** Handles the requests of the cell. Call it only after the Nest application is initialised. */
  readonly handler: RequestListener;
}

/** A Fastify that does not listen: the gateway owns the sockets and calls `handler`. */
export function createHttpAdapter(journal: RequestJournal): HttpAdapter {
  let handler: RequestListener = () => undefined;
  const adapter = new FastifyAdapter({
    serverFactory: (handle: RequestListener) => {
      handler = handle;
      return createServer();
    },
    skipMiddie: true,
    genReqId: (request: IncomingMessage) => requestIdOf(request.headers),
    rewriteUrl: (request: IncomingMessage) => rewriteUrl(request.url ?? '/'),
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  registerTenancy(fastify);
  registerBodyParser(fastify);
  registerHeaders(fastify);
  registerJournal(fastify, journal);
  return { adapter, fastify, handler: (request, response) => handler(request, response) };
}

function registerHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(tenantHeaders(request.tenant));
    reply.header('x-request-id', request.id);
    done();
  });
}

function registerJournal(fastify: FastifyInstance, journal: RequestJournal): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    journal.record({
      requestId: request.id,
      method: request.method,
      route: request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched'),
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      network: request.network,
    });
    done();
  });
}
