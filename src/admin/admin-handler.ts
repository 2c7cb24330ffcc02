import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { errorKindOf } from '../api/error-kind.js';
import { knownError } from '../database/known-error.js';
import type { VerifiedKey } from '../operators/admin-keys.service.js';
import { AppError } from '../shared/app-error.js';
import { loggerFor } from '../shared/log-scope.js';
import { readMediaType } from '../shared/forms/media-type.js';
import { clientNetworksOf, networkOf } from '../shared/network.js';
import type { AdminSender } from './admin-access.js';
import { successOf, type AdminApi } from './admin-api.js';
import { adminErrorAnswer } from './admin-error-answer.js';
import { BODY_BYTES_MAX, type AdminRoute } from './admin-operation.js';

/** What every listener does alike, from the room that composes the cell. */
export interface AdminHandlerParts {
  readonly requestIdOf: (request: IncomingMessage) => string;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly record: (record: AdminRequestRecord) => void;
}

/** `route` is the template, never the path: a path can contain an address. */
export interface AdminRequestRecord {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly network: string;
}

const UNTYPED = 'application/octet-stream';
const PARAM_LENGTH_MAX = 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of a request to the operator's API. */
    adminKey: VerifiedKey | null;
  }
}

/** The handler of one region's operator API: a Fastify of its own that has no other route, and does not listen. */
export async function createAdminHandler(
  api: AdminApi,
  parts: AdminHandlerParts,
): Promise<RequestListener> {
  let handler: RequestListener = () => undefined;
  const fastify = Fastify({
    serverFactory: (handle) => {
      handler = handle as RequestListener;
      return createServer();
    },
    genReqId: (request: IncomingMessage) => parts.requestIdOf(request),
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
  });
  fastify.decorateRequest('adminKey', null);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  registerHooks(fastify, parts);
  registerErrors(fastify);
  for (const route of api.routes) registerRoute(fastify, api, route);
  await fastify.ready();
  return (request, response) => handler(request, response);
}

function registerHooks(fastify: FastifyInstance, { headers, record }: AdminHandlerParts): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    // What a body is does not depend on its type. Fastify refuses one whose type it cannot read.
    const sent = request.raw.headers;
    if (readMediaType(sent['content-type']) === null) sent['content-type'] = UNTYPED;
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    record({
      requestId: request.id,
      method: request.method,
      route: request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched'),
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      network: senderOf(request).network,
    });
    done();
  });
}

function registerErrors(fastify: FastifyInstance): void {
  const logger = loggerFor('AdminApi');
  const answer = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const err = knownError(thrown);
    const route = request.routeOptions.url ?? 'unmatched';
    const fields = { requestId: request.id, method: request.method, route, err };
    const kind = errorKindOf(err);
    if (kind === 'unexpected') logger.error(fields, 'request failed');
    else if (kind === 'unavailable') logger.warn(fields, 'service unavailable');
    const { scope = null } = request.routeOptions.config as { readonly scope?: string };
    const hasCredentials = request.headers.authorization !== undefined;
    const { status, headers, body } = adminErrorAnswer(err, {
      requestId: request.id,
      hasCredentials,
      scope,
    });
    void reply.status(status).headers(headers).send(body);
  };
  fastify.setErrorHandler(answer);
  fastify.setNotFoundHandler((request, reply) => answer({ statusCode: 404 }, request, reply));
}

function registerRoute(fastify: FastifyInstance, api: AdminApi, route: AdminRoute): void {
  const { operation } = route;
  const { method, path, scope } = operation;
  const status = successOf(operation);
  fastify.route({
    method: method.toUpperCase(),
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    config: { scope },
    // Before the body is read.
    onRequest: async (request) => {
      request.adminKey = await api.admit(operation, senderOf(request));
      requirePlainBody(request);
    },
    handler: async (request, reply) => {
      const { adminKey: key, params, query, body } = request;
      if (key === null) throw new AppError('not_authorized', 'Not authorized');
      const answer = await api.perform(
        route,
        { params, query, body: body as Buffer | undefined },
        { key, sender: senderOf(request) },
      );
      return reply.status(status).send(answer);
    },
  });
}

/** Compressed bytes would be read as text. */
function requirePlainBody({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return;
  const message = 'Send the request body without a Content-Encoding.';
  throw new AppError('unsupported_encoding', message);
}

/** The address of the connection: no proxy is trusted here. */
function senderOf(request: FastifyRequest): AdminSender {
  const { remoteAddress = '' } = request.raw.socket;
  return {
    requestId: request.id,
    rawHeaders: request.raw.rawHeaders,
    client: clientNetworksOf(remoteAddress),
    network: networkOf(remoteAddress),
  };
}
