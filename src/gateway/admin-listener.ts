import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { adminDocument, DOCUMENT_PATH } from '../admin/admin-document.js';
import type { Cell } from '../region/cell.js';
import type { RequestJournal } from '../region/request-journal.js';
import { SECOND } from '../shared/durations.js';
import { parseHostname, type Hostname } from '../shared/hostname.js';
import { networkOf } from '../shared/network.js';
import type { AdminCertificate } from '../config/admin-tls.js';
import type { AdminCertificateSource } from './admin-certificate.js';
import type { Admission } from './admission.js';
import { answerClientError } from './client-error.js';
import type { EdgeJournal } from './edge-journal.js';
import { unavailableAnswer, writeGatewayAnswer, type GatewayAnswer } from './gateway-answer.js';
import { attachHandlers } from './handler-guard.js';
import { originForm } from './request-host.js';
import { adminTlsOptions } from './tls-listener-options.js';

interface AdminListenerParts {
  readonly journal: EdgeJournal;
  readonly requests: RequestJournal;
  readonly admission: Admission;
  readonly cells: () => readonly Cell[];
  readonly served: readonly string[];
  /** Whether the name is a host of the public listeners. */
  readonly isOwn: (hostname: Hostname) => boolean;
}

/** In milliseconds. */
const LIMITS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 30 * SECOND,
  connectionsCheckingInterval: SECOND,
  keepAliveTimeout: 30 * SECOND,
  handshakeTimeout: 10 * SECOND,
  maxHeaderSize: 16 * 1024,
} as const;
const IDLE_TIMEOUT = 60 * SECOND;
/** How often the certificate's source is asked. */
const RELOAD_EVERY = 5 * SECOND;

const REGION_PATH = /^\/admin\/v1\/regions\/([a-z][a-z0-9]{1,15})(?:[/?]|$)/;

const NOT_FOUND: GatewayAnswer = {
  status: 404,
  body: { error: 'Not Found', error_type: 'NotFound' },
  hasRequestId: true,
};
const MISDIRECTED: GatewayAnswer = {
  status: 421,
  body: { error: 'This host is not the operator API', error_type: 'NotFound' },
  hasRequestId: true,
};

/**
 * The listener of the operator's API: HTTP/1.1 over TLS with a certificate of its own, for any SNI. It answers only for
 * an IP address or a name of its certificate, and never for a host of the public listeners.
 */
export class AdminListener {
  readonly server: Server;
  #current: AdminCertificate | null = null;
  #document: string | null = null;
  #reloading: NodeJS.Timeout | undefined;

  constructor(private readonly parts: AdminListenerParts) {
    this.server = createServer({ ...adminTlsOptions(), ...LIMITS, requireHostHeader: false });
    this.server.setTimeout(IDLE_TIMEOUT);
    const { admission, journal } = parts;
    const [accept] = this.server.listeners('connection') as ((socket: Socket) => void)[];
    this.server.removeAllListeners('connection').on('connection', (socket) =>
      admission.admit(socket, (seat) => {
        // The wider limits are enough here: the first request is not waited for, and no connection ends for another.
        seat.beginRequest();
        accept?.call(this.server, socket);
      }),
    );
    // By default a failed handshake is a 'clientError', and there is nobody to answer.
    this.server.removeAllListeners('tlsClientError').on('tlsClientError', (_error, socket) => {
      socket.destroy();
    });
    const handlers = {
      request: (request: IncomingMessage, response: ServerResponse) =>
        this.#handle(request, response),
      clientError: (error: Error, socket: Socket) => answerUnreadable(error, socket),
    };
    attachHandlers(this.server, handlers, { name: 'admin', journal });
  }

  /**
   * @param onFailure called once for each reason why the source has nothing to use; the certificate before stays in use
   * @throws ConfigError when there is none at first
   */
  async useCertificate(
    source: AdminCertificateSource,
    onFailure: (error: unknown) => void,
  ): Promise<void> {
    await this.#reload(source);
    let reason = '';
    const reload = async (): Promise<void> => {
      try {
        await this.#reload(source);
        reason = '';
      } catch (error) {
        if (reason !== String(error)) onFailure(error);
        reason = String(error);
      }
    };
    this.#reloading = setInterval(() => void reload(), RELOAD_EVERY).unref();
  }

  close(): void {
    clearInterval(this.#reloading);
  }

  async #reload(source: AdminCertificateSource): Promise<void> {
    const loaded = await source.load(this.#current);
    if (loaded === this.#current) return;
    const { key, cert } = loaded;
    this.server.setSecureContext({ ...adminTlsOptions(), key, cert });
    this.#current = loaded;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isForUs(request)) return this.#answer(request, response, MISDIRECTED);
    request.url = originForm(request.url ?? '/');
    if (request.url === DOCUMENT_PATH && request.method === 'GET')
      return this.#answer(request, response, this.#documentAnswer());
    const region = REGION_PATH.exec(request.url)?.[1];
    if (region === undefined || !this.parts.served.includes(region))
      return this.#answer(request, response, NOT_FOUND);
    const cell = this.parts.cells().find((each) => each.region === region);
    if (cell === undefined) {
      const body = { error: 'The region is not up', error_type: 'Unavailable' };
      const answer = { ...unavailableAnswer(body), hasRequestId: true };
      return this.#answer(request, response, answer);
    }
    cell.adminHandler(request, response);
  }

  /** A proxy in front of the public hosts that is set up wrong must not lead here. */
  #isForUs({ headers: { host } }: IncomingMessage): boolean {
    const name = host === undefined ? null : nameOf(host);
    if (name === null) return false;
    if (isIP(name) !== 0) return true;
    const hostname = parseHostname(name);
    if (hostname !== null && this.parts.isOwn(hostname)) return false;
    return this.#current?.leaf.checkHost(name) !== undefined;
  }

  #documentAnswer(): GatewayAnswer {
    this.#document ??= JSON.stringify(adminDocument());
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return { status: 200, body: this.#document, headers };
  }

  #answer(request: IncomingMessage, response: ServerResponse, answer: GatewayAnswer): void {
    const requestId = writeGatewayAnswer(request, response, answer);
    this.parts.requests.record({
      requestId,
      method: request.method ?? 'OTHER',
      route: 'admin',
      status: answer.status,
      durationMs: 0,
      network: networkOf(request.socket.remoteAddress ?? ''),
    });
  }
}

/** The host of a Host header without its port; null when it is none. */
function nameOf(host: string): string | null {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host) ?? [];
  return bracketed ?? plain?.toLowerCase() ?? null;
}

/** Answers a request that Node could not read, or whose body did not arrive in time. */
function answerUnreadable(error: Error, socket: Socket): void {
  const requestId = randomUUID();
  answerClientError(error, socket, { 'x-request-id': requestId }, (status) => ({
    ...(status === 408
      ? { error: 'The request did not arrive in time.', error_type: 'RequestTimeout' }
      : { error: STATUS_CODES[status] ?? '', error_type: 'ValidationFailed' }),
    request_id: requestId,
  }));
}
