import type { FastifyInstance } from 'fastify';
import { V1_CORS_HEADERS } from '../api/v1/v1-cors.js';
import { STATUS_BODY } from '../api/v1/v1-presenter.js';
import type { BasicAuthenticator } from '../auth/basic-authenticator.js';

const BODY = JSON.stringify(STATUS_BODY);

/**
 * `GET /api/v1/status`, the route that monitors and clients ask most, without Nest's pipeline: it costs half. The only
 * route of this kind. Bad credentials are refused here like everywhere; without any, nothing is asked of the database.
 */
export function registerStatusRoute(
  fastify: FastifyInstance,
  authenticator: () => BasicAuthenticator,
): void {
  fastify.get('/api/v1/status', async (request, reply) => {
    if (request.headers.authorization !== undefined)
      await authenticator().authenticate(request.raw);
    reply.headers(V1_CORS_HEADERS).type('application/json; charset=utf-8');
    return BODY;
  });
}
