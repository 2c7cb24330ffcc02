import type { FastifyInstance } from 'fastify';
import type { Network } from '../shared/network.js';
import { requestOriginOf } from './request-origin.js';
import type { Tenant } from './tenant.js';

// What this room knows: which tenant a Host names, and that every request has exactly one.
// What it must not know: who is asking, and what for.

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose host this request came to. */
    tenant: Tenant;
    /** The client's network: all that is kept of its address. */
    network: Network;
  }
}

/** Puts the tenant on every request, before anything else runs: even a 404 must know whose it is. */
export function registerTenancy(fastify: FastifyInstance): void {
  fastify.decorateRequest('tenant');
  fastify.decorateRequest('network');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const origin = requestOriginOf(request.raw);
    request.tenant = origin.tenant;
    request.network = origin.network;
    done();
  });
}
