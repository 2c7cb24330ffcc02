import type { FastifyInstance } from 'fastify';
import { turnOf, type ClientNetworks, type Network } from '../shared/network.js';
import { onBehalfOf } from '../shared/requester.js';
import { requestOriginOf } from './request-origin.js';
import type { Tenant } from './tenant.js';

// What this room knows: tenants, and how each request carries exactly one.
// What it must not know: who sent the request, or what it asks for.

declare module 'fastify' {
  interface FastifyRequest {
    /** The tenant whose host this request was sent to. */
    tenant: Tenant;
    /** The network of the client's address. The address itself is not kept. */
    network: Network;
    /** The networks under which the client's requests are counted. */
    client: ClientNetworks;
  }
}

/** Sets tenant and network on every request. Register it before all other hooks: they use both, for a 404 too. */
export function registerTenancy(fastify: FastifyInstance): void {
  fastify.decorateRequest('tenant');
  fastify.decorateRequest('network');
  fastify.decorateRequest('client');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const origin = requestOriginOf(request.raw);
    request.tenant = origin.tenant;
    request.network = origin.network;
    request.client = origin.client;
    onBehalfOf(turnOf(origin.client), done);
  });
}
