import type { IncomingMessage } from 'node:http';
import type { ClientNetworks, Network } from '../shared/network.js';
import type { Tenant } from './tenant.js';

/** The tenant and the client's network of a request: determined once, by the gateway, on the client's socket. */
export interface RequestOrigin {
  readonly tenant: Tenant;
  readonly network: Network;
  readonly client: ClientNetworks;
}

const ORIGIN = Symbol('request origin');

interface OriginCarrier {
  [ORIGIN]?: RequestOrigin;
}

/** Called by the gateway before it passes the request to a cell. */
export function setRequestOrigin(request: IncomingMessage, origin: RequestOrigin): void {
  (request as OriginCarrier)[ORIGIN] = origin;
}

/** Throws when the gateway has not set the origin, which is a bug. */
export function requestOriginOf(request: IncomingMessage): RequestOrigin {
  const origin = (request as OriginCarrier)[ORIGIN];
  if (origin === undefined) throw new Error('the gateway did not set the origin of this request');
  return origin;
}
