import type { IncomingMessage } from 'node:http';
import type { Network } from '../shared/network.js';
import type { Tenant } from './tenant.js';

/** Where a request comes from and whose it is: decided once, at the edge, on the true socket. */
export interface RequestOrigin {
  readonly tenant: Tenant;
  readonly network: Network;
}

const ORIGIN = Symbol('request origin');

interface OriginCarrier {
  [ORIGIN]?: RequestOrigin;
}

/** The gateway's half: it sets the origin before the cell sees the request. */
export function setRequestOrigin(request: IncomingMessage, origin: RequestOrigin): void {
  (request as OriginCarrier)[ORIGIN] = origin;
}

/** The cell's half. A request without an origin did not come through the gateway, and is a bug. */
export function requestOriginOf(request: IncomingMessage): RequestOrigin {
  const origin = (request as OriginCarrier)[ORIGIN];
  if (origin === undefined) throw new Error('a request reached the cell past the gateway');
  return origin;
}
