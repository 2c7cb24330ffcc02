import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isApiPath } from '../api/api-path.js';
import type { Config } from '../config/config.js';
import type { RequestJournal } from '../region/request-journal.js';
import { HSTS_HEADER, tenantHeaders } from '../region/response-headers.js';
import { isKeyless } from '../pages/public/link-url.js';
import { rewriteUrl } from '../region/rewrite-url.js';
import type { Hostname } from '../shared/hostname.js';
import {
  clientNetworksOf,
  networkOf,
  turnOf,
  type ClientNetworks,
  type Network,
} from '../shared/network.js';
import { isHttp2 } from '../shared/http-version.js';
import { onBehalfOf } from '../shared/requester.js';
import { setRequestOrigin } from '../tenancy/request-origin.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';
import { answerClientError } from './client-error.js';
import { isMisdirected, type DestinationLookup } from './destination-lookup.js';
import type { Destination } from './destination.js';
import { expectationHandler } from './expectation.js';
import { writeGatewayAnswer, type GatewayAnswer } from './gateway-answer.js';
import type { HostTable } from './host-table.js';
import { LatestResponses } from './latest-responses.js';
import { maintenanceAnswer } from './maintenance-answer.js';
import {
  clientAddressOf,
  isForwardedHttps,
  originForm,
  requestHostOf,
  type RequestHost,
} from './request-host.js';
import { sniOfRequest } from './tls-listener.js';
import type { WellKnown } from './well-known.js';

const BAD_HOST: GatewayAnswer = {
  status: 400,
  body: { message: 'The request must name exactly one valid host' },
};
const HTTPS_REQUIRED: GatewayAnswer = { status: 403, body: { message: 'HTTPS is required' } };
const UNMET_EXPECTATION: GatewayAnswer = {
  status: 417,
  body: { message: 'This expectation cannot be met' },
};
const MISDIRECTED = 'This host is not served here';
const WELL_KNOWN = '/.well-known/';
/** The route of the gateway's own answers in logs and metrics. */
const GATEWAY_ROUTE = 'edge';

/** A promise when a query decides. It rejects only by a fault of this program, and handler-guard.ts answers that. */
type Handled = null | Promise<void>;
type Handler = (request: IncomingMessage, response: ServerResponse) => Handled;

interface DispatcherParts {
  readonly hosts: Pick<HostTable, 'isOwn'>;
  readonly destinations: DestinationLookup;
  readonly wellKnown: WellKnown;
}

/** Finds the destination of each request once, before any cell sees it, and passes the request to that cell. */
export class RequestDispatcher {
  #isDraining = false;
  readonly #responses = new LatestResponses();

  constructor(
    private readonly config: Pick<Config, 'publicHttpsPort' | 'trustedProxies'>,
    private readonly parts: DispatcherParts,
    private readonly journal: RequestJournal,
  ) {}

  /** A request on the HTTPS listener. */
  readonly handleSecure: Handler = (request, response) => {
    const typed = originForm(request.url ?? '/');
    const host = this.#admit(request, response);
    if (host === null || host instanceof Promise) return host;
    return this.#withDestination(request, host, (to) =>
      this.#route(request, response, { host, to, typed }),
    );
  };

  /** A request on the plain HTTP listener. It reaches a cell only if a trusted proxy received it over HTTPS. */
  readonly handlePlain: Handler = (request, response) => {
    const typed = originForm(request.url ?? '/');
    const host = this.#admit(request, response);
    if (host === null || host instanceof Promise) return host;
    const isSecure = isForwardedHttps(request, this.config.trustedProxies);
    return this.#withDestination(request, host, (to) => {
      if (isSecure) this.#route(request, response, { host, to, typed });
      else this.#answer(request, response, this.#requireHttps(request, host, { to, typed }));
    });
  };

  /** The same two for a request with an `Expect` header. */
  readonly handleSecureExpecting = this.#expecting(this.handleSecure);
  readonly handlePlainExpecting = this.#expecting(this.handlePlain);

  /** Bytes that are not a valid request, on either listener. */
  readonly handleClientError = (error: Error, socket: Socket): void => {
    const requestId = randomUUID();
    const headers = { ...this.#hstsOn({ socket }), 'x-request-id': requestId };
    const status = answerClientError(error, socket, headers);
    if (status === null) return;
    const network = this.#networkOf({ socket, headers: {} });
    this.journal.record({
      requestId,
      method: 'OTHER',
      route: GATEWAY_ROUTE,
      status,
      durationMs: 0,
      network,
    });
  };

  /** From now on responses, including those in flight, tell HTTP/1.1 clients to close the connection. */
  drain(): void {
    this.#isDraining = true;
    this.#responses.endConnections();
  }

  /** The host of the request; null when the request has been answered already, a promise when it will be. */
  #admit(request: IncomingMessage, response: ServerResponse): RequestHost | null | Promise<void> {
    if (!isHttp2(request)) this.#trackResponse(request.socket, response);
    const host = requestHostOf(request, this.config.trustedProxies);
    // The code below and the cells expect a path, not an absolute URL.
    request.url = rewriteUrl(originForm(request.url ?? '/'));
    const answered =
      request.url.startsWith(WELL_KNOWN) && this.#answerWellKnown(request, response, host);
    if (answered !== false) return answered;
    if (host === null) this.#answer(request, response, BAD_HOST);
    return host;
  }

  #answerWellKnown(
    request: IncomingMessage,
    response: ServerResponse,
    host: RequestHost | null,
  ): false | Handled {
    const network = this.#networkOf(request);
    const hostname = host?.hostname ?? null;
    const found = onBehalfOf(this.#turnOf(request), () =>
      this.parts.wellKnown.answer({ request, hostname, network }),
    );
    if (found === null) return false;
    if (found instanceof Promise)
      return found.then((answer) => this.#answer(request, response, answer));
    this.#answer(request, response, found);
    return null;
  }

  /** Calls `goOn` synchronously if the destination needs no query, as for own hosts. */
  #withDestination(
    request: IncomingMessage,
    host: RequestHost,
    goOn: (destination: Destination) => void,
  ): Handled {
    const found = this.parts.destinations.find(request, host, () => ({
      network: this.#networkOf(request),
      turn: this.#turnOf(request),
    }));
    if (found instanceof Promise) return found.then(goOn);
    goOn(found);
    return null;
  }

  #route(
    request: IncomingMessage,
    response: ServerResponse,
    { host, to, typed }: { host: RequestHost; to: Destination; typed: string },
  ): void {
    if (to.kind === 'redirect')
      return this.#answer(request, response, this.#toMainName(request, to.to, typed));
    if (to.kind !== 'cell')
      return this.#answer(request, response, refusal(to, request, host.hostname));
    const { cell, tenant } = to;
    if (isMisdirected(request, host)) {
      return this.#answer(request, response, {
        status: 421,
        body: { message: MISDIRECTED, url: `${tenant.origin}/api` },
        headers: tenantHeaders(tenant),
      });
    }
    setRequestOrigin(request, {
      tenant,
      network: this.#networkOf(request),
      client: this.#clientOf(request),
    });
    cell.handler(request, response);
  }

  /** Pages are redirected to HTTPS. API requests are refused: their credentials and values were already sent in clear. */
  #requireHttps(
    request: IncomingMessage,
    { hostname }: RequestHost,
    { to, typed }: { to: Destination; typed: string },
  ): GatewayAnswer {
    if (to.kind === 'unknown' || to.kind === 'unavailable') return refusal(to, request, hostname);
    const target = targetOf(request, typed);
    if (isApi(target) || !target.startsWith('/')) return HTTPS_REQUIRED;
    const name = to.kind === 'redirect' ? to.to : hostname;
    return {
      status: 308,
      body: HTTPS_REQUIRED.body,
      headers: { location: this.#at(name, target) },
    };
  }

  /** Pages and API alike: 308 keeps the method and the body (RFC 9110 section 15.4.9). */
  #toMainName(request: IncomingMessage, main: Hostname, typed: string): GatewayAnswer {
    const target = targetOf(request, typed);
    if (!target.startsWith('/')) return { status: 421, body: { message: MISDIRECTED } };
    const location = this.#at(main, target);
    return { status: 308, body: { message: `Use ${main}`, url: location }, headers: { location } };
  }

  #at(hostname: Hostname, target: string): string {
    return `${httpsOrigin(hostname, this.config.publicHttpsPort)}${target}`;
  }

  #expecting(handle: Handler): (request: IncomingMessage, response: ServerResponse) => unknown {
    return expectationHandler({
      handle,
      refuse: (request, response) => this.#answer(request, response, UNMET_EXPECTATION),
      isDraining: () => this.#isDraining,
    });
  }

  #trackResponse(socket: Socket, response: ServerResponse): void {
    if (this.#isDraining) response.shouldKeepAlive = false;
    this.#responses.set(socket, response);
  }

  #hstsOn(connection: Pick<IncomingMessage, 'socket'>): Readonly<Record<string, string>> {
    const sni = sniOfRequest(connection);
    return sni !== null && this.parts.hosts.isOwn(sni) ? HSTS_HEADER : {};
  }

  #networkOf(request: Pick<IncomingMessage, 'socket' | 'headers'>): Network {
    return networkOf(clientAddressOf(request, this.config.trustedProxies));
  }

  #clientOf(request: IncomingMessage): ClientNetworks {
    return clientNetworksOf(clientAddressOf(request, this.config.trustedProxies));
  }

  /** The look-ups before a cell has the request wait in line as its client's. */
  #turnOf(request: IncomingMessage): string {
    return turnOf(this.#clientOf(request));
  }

  #answer(request: IncomingMessage, response: ServerResponse, answer: GatewayAnswer): void {
    const startedAt = performance.now();
    const headers = { ...this.#hstsOn(request), ...answer.headers };
    const requestId = writeGatewayAnswer(request, response, { ...answer, headers });
    this.journal.record({
      requestId,
      method: request.method ?? 'OTHER',
      route: GATEWAY_ROUTE,
      status: answer.status,
      durationMs: performance.now() - startedAt,
      network: this.#networkOf(request),
    });
  }
}

/** A link without a whole key stays as it was typed: the address bar is where its end can be added. */
function targetOf({ url = '/' }: IncomingMessage, typed: string): string {
  return isKeyless(url) ? typed : url;
}

function isApi(target: string): boolean {
  return isApiPath(target.split(/[?#]/, 1)[0] ?? '');
}

function refusal(
  destination: Exclude<Destination, { kind: 'cell' | 'redirect' }>,
  request: IncomingMessage,
  hostname: Hostname,
): GatewayAnswer {
  switch (destination.kind) {
    case 'starting':
    case 'unavailable':
      return maintenanceAnswer(request, hostname);
    case 'elsewhere':
      return { status: 421, body: { message: MISDIRECTED, url: `${destination.origin}/api` } };
    case 'unknown':
      return { status: 421, body: { message: MISDIRECTED } };
  }
}
