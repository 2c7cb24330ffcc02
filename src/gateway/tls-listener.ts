import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { HostServer } from '../certificates/contexts/host-server.js';
import { HTTP_1_0 } from '../certificates/contexts/tls-options.js';
import type { Listener } from '../config/listeners.js';
import { parseHostname, type Hostname } from '../shared/hostname.js';
import { Members } from '../shared/members.js';
import { clientNetworksOf, networkOf, turnOf, type Network } from '../shared/network.js';
import { onBehalfOf } from '../shared/requester.js';
import type { Hello } from './client-hello.js';
import type { Admission } from './admission.js';
import { peerAddressOf, setStatedAddress, statedAddressOf } from './client-address.js';
import { setSeat, type Seat } from './connection-gate.js';
import { sendAndClose } from './close-socket.js';
import type { EdgeJournal, RefusalReason } from './edge-journal.js';
import { guarded, type RequestHandler } from './handler-guard.js';
import { enforceHttp2Deadlines, type Http2Sessions } from './http2-deadlines.js';
import { IDLE_CLOSE_INTERVAL, listen, type Listening, type ListenOptions } from './listen.js';
import { answerPlainHttp, isPlainHttp } from './plain-http-on-tls.js';
import { looksLikeProxyHeader } from './proxy-header.js';
import { peekClientHello, type NoHello } from './peek-client-hello.js';
import { reasonOfHandshakeError } from './refused-handshake.js';
import { answerTlsAlpnChallenge, isTlsAlpnChallenge } from './tls-alpn-challenge.js';
import { TLS_LIMITS, tlsServerOptions, type TlsLimits } from './tls-listener-options.js';

/** Supplies the certificates. A result that needs a query is a promise; it rejects when the query fails. */
export interface SniContextSource {
  isServable(hostname: Hostname, network: Network): boolean | Promise<boolean>;
  /** Called after isServable() returned true for the name. Null: it has no certificate. */
  find(hostname: Hostname): HostServer | null | Promise<HostServer | null>;
  /** For a client that offers only `acme-tls/1`. */
  findChallenge?(hostname: Hostname, network: Network): Promise<SecureContext | null>;
}

interface Connection {
  readonly raw: Socket;
  readonly network: Network;
  readonly seat: Seat;
  /** From the ClientHello; null until its host was found. */
  serverName: Hostname | null;
  /** Null until the handshake is done. */
  secure: TLSSocket | null;
}

interface TlsListenerParts {
  readonly journal: EdgeJournal;
  readonly admission: Admission;
  /** The port in the URL that plain HTTP is answered with. */
  readonly publicPort: number;
}

interface Refusal {
  readonly reason: RefusalReason;
  readonly hostname: Hostname | null;
  readonly err?: unknown;
}

const SERVER_NAME = Symbol('server name');

type NamedSocket = Socket & { [SERVER_NAME]?: Hostname | null };

/** An alert record with version 3.3, two bytes long: level fatal (2) and the description (RFC 8446 section 6). */
const ALERT = {
  unrecognizedName: Buffer.from([21, 3, 3, 0, 2, 2, 112]),
  internalError: Buffer.from([21, 3, 3, 0, 2, 2, 80]),
} as const;
const OUR_FAULTS: ReadonlySet<RefusalReason> = new Set([
  'lookup_failed',
  'no_certificate',
  'certificate_failed',
]);

/** The connection whose handshake has called: Node tells only its TLS socket. */
const shaking = new AsyncLocalStorage<Connection>();

/**
 * The TLS listener: HTTP/2 and HTTP/1.1 for names that have a certificate. A client without SNI or with another name
 * gets the alert unrecognized_name before any cryptography and sees no certificate.
 */
export class TlsListener {
  /** For 'request', 'clientError', 'checkContinue' and 'checkExpectation'. */
  readonly server: Http2SecureServer & Pick<Server, 'closeIdleConnections'>;
  readonly #connections = new Members<Connection>();
  /** Their PROXY header has not arrived yet. */
  readonly #arriving = new Members<Socket>();
  /** Those that this listener has its handlers on. */
  readonly #hosts = new WeakSet<HostServer>();
  #listening: Listening | null = null;
  readonly #sessions: Http2Sessions;

  constructor(
    private readonly contexts: SniContextSource,
    private readonly parts: TlsListenerParts,
    private readonly limits: TlsLimits = TLS_LIMITS,
  ) {
    this.server = createSecureServer(tlsServerOptions(limits)) as TlsListener['server'];
    this.server.setTimeout(limits.idleTimeout);
    // This class reads the ClientHello of each socket first. The server still does the listening, so its timeouts and close() work.
    this.#sessions = enforceHttp2Deadlines(this.server, limits);
    this.server.removeAllListeners('connection').on(
      'connection',
      guarded(
        (raw: Socket) => this.#arrive(raw),
        (error, raw) => this.#fail('connection', raw, error),
      ),
    );
  }

  /** Includes handshakes and refusals in progress. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  async listen(listener: Listener, options: ListenOptions = {}): Promise<Listening> {
    this.#listening = await listen(this.server, listener, options);
    return this.#listening;
  }

  /** For handlers of requests: they wait while the end of the request's HTTP/2 connection is announced. */
  announcing(handle: RequestHandler): RequestHandler {
    return (request, response) => {
      const announced = this.#sessions.announce(request);
      if (announced === null) return handle(request, response);
      return announced.then(() => (request.socket.destroyed ? null : handle(request, response)));
    };
  }

  /**
   * Stops accepting, sends GOAWAY, and closes connections as they become idle. Resolves when the last connection is
   * closed. Has no deadline.
   * @param graceMs how long connections without a request may still send one. It is their last.
   */
  async drain(graceMs = 0): Promise<void> {
    const closed = this.#listening?.stopAccepting();
    if (graceMs > 0) {
      this.#sessions.endWithNextRequest();
      await Promise.race([closed, delay(graceMs, undefined, { ref: false })]);
    }
    this.server.close();
    const timer = setInterval(() => this.server.closeIdleConnections(), IDLE_CLOSE_INTERVAL);
    for (const raw of this.#arriving) raw.destroy();
    for (const { raw, secure } of this.#connections) {
      // closeIdleConnections() skips connections that have not sent a request yet.
      if (secure === null || isUnused(secure)) raw.destroy();
    }
    await closed;
    clearInterval(timer);
    this.#sessions.endChecks();
  }

  /** Destroys every connection. */
  destroyAll(): void {
    for (const raw of this.#arriving) raw.destroy();
    for (const { raw } of this.#connections) raw.destroy();
  }

  #arrive(raw: Socket): void {
    const leave = this.#arriving.add(raw);
    raw.once('close', leave);
    this.parts.admission.admit(raw, (seat) => {
      leave();
      this.#admit(raw, seat);
    });
  }

  #admit(raw: Socket, seat: Seat): void {
    const address = peerAddressOf(raw);
    const network = networkOf(address);
    const turn = turnOf(clientNetworksOf(address));
    const connection: Connection = { raw, network, seat, serverName: null, secure: null };
    raw.once('close', this.#connections.add(connection));
    raw.on('error', () => raw.destroy());
    const onFailure = (error: unknown): void => this.#fail('hello', raw, error);
    peekClientHello(raw, this.limits.clientHelloTimeout, {
      // The look-ups of the handshake wait in line as its client's.
      found: guarded(
        (hello: Hello) => onBehalfOf(turn, () => this.#checkName(connection, hello)),
        onFailure,
      ),
      failed: guarded(
        (reason: NoHello, bytes: Buffer) => this.#refuseOther(connection, reason, bytes),
        onFailure,
      ),
    });
  }

  #checkName(connection: Connection, hello: Hello): void | Promise<void> {
    const hostname = hello.serverName === null ? null : parseHostname(hello.serverName);
    if (hostname === null) {
      const reason = hello.serverName === null ? 'no_server_name' : 'unknown_name';
      return this.#refuse(connection, { reason, hostname });
    }
    if (isTlsAlpnChallenge(hello)) return this.#answerChallenge(connection, hostname);
    const isServable = this.contexts.isServable(hostname, connection.network);
    if (!(isServable instanceof Promise)) return this.#findHost(connection, hostname, isServable);
    return isServable.then(
      (result) => this.#findHost(connection, hostname, result),
      (err: unknown) => this.#refuse(connection, { reason: 'lookup_failed', hostname, err }),
    );
  }

  #findHost(connection: Connection, hostname: Hostname, isServable: boolean): void | Promise<void> {
    if (!isServable) return this.#refuse(connection, { reason: 'unknown_name', hostname });
    const onFailure = (err: unknown): void =>
      this.#refuse(connection, { reason: 'certificate_failed', hostname, err });
    let found: ReturnType<SniContextSource['find']>;
    try {
      found = this.contexts.find(hostname);
    } catch (error) {
      return onFailure(error);
    }
    if (!(found instanceof Promise)) return this.#shakeHands(connection, hostname, found);
    return found.then((host) => this.#shakeHands(connection, hostname, host), onFailure);
  }

  #shakeHands(connection: Connection, hostname: Hostname, host: HostServer | null): void {
    if (host === null) return this.#refuse(connection, { reason: 'no_certificate', hostname });
    const { raw } = connection;
    // The client may have left during the query.
    if (raw.destroyed) return;
    if (!connection.seat.beginHandshake())
      return this.parts.admission.refuse(raw, 'too_many_handshakes');
    connection.serverName = hostname;
    if (!this.#hosts.has(host)) this.#attach(host);
    shaking.run(connection, () => host.accept(raw));
  }

  #attach(host: HostServer): void {
    this.#hosts.add(host);
    host.server.on('secureConnection', this.#onSecure).on('tlsClientError', this.#onFailure);
  }

  async #answerChallenge(connection: Connection, hostname: Hostname): Promise<void> {
    const { raw, network } = connection;
    try {
      const context = (await this.contexts.findChallenge?.(hostname, network)) ?? null;
      if (context === null) this.#refuse(connection, { reason: 'challenge_unknown', hostname });
      else if (!raw.destroyed) answerTlsAlpnChallenge(raw, context, this.limits.handshakeTimeout);
    } catch (err) {
      this.#refuse(connection, { reason: 'lookup_failed', hostname, err });
    }
  }

  #refuse({ raw, network }: Connection, refusal: Refusal): void {
    const { reason, ...fields } = refusal;
    this.parts.journal.handshakeRefused(reason, { ...fields, network });
    const alert = OUR_FAULTS.has(reason) ? 'internalError' : 'unrecognizedName';
    sendAndClose(raw, ALERT[alert], this.limits.refusalTimeout);
  }

  /** Bytes that are no ClientHello. Plain HTTP gets an answer that a person can read. */
  #refuseOther({ raw, network }: Connection, reason: NoHello, bytes: Buffer): void {
    if (looksLikeProxyHeader(bytes))
      return this.parts.admission.refuse(raw, 'proxy_header_unexpected');
    const isHttp = reason !== 'client_left' && isPlainHttp(bytes);
    this.parts.journal.handshakeRefused(isHttp ? 'plain_http' : reason, { network });
    if (isHttp) answerPlainHttp(raw, bytes, this.parts.publicPort);
    else raw.destroy();
  }

  /** A fault of this program: this connection ends, the others go on. */
  #fail(event: string, raw: Socket, error: unknown): void {
    this.parts.journal.handlerFailed('https', event, error);
    raw.destroy();
  }

  readonly #onSecure = guarded(
    (secure: TLSSocket): void => {
      const connection = shaking.getStore();
      if (connection === undefined) throw new Error('a handshake of no connection');
      connection.seat.endHandshake();
      this.#describe(secure, connection);
      this.parts.journal.handshakeDone(secure.isSessionReused());
      this.server.emit('secureConnection', secure);
    },
    (error, secure) => this.#fail('secureConnection', secure, error),
  );

  // No HTTP answer is possible before the handshake, so 'clientError' is not emitted. After a handshake timeout Node leaves the socket open.
  readonly #onFailure = (error: Error, secure: TLSSocket): void => {
    const connection = shaking.getStore();
    this.parts.journal.handshakeRefused(reasonOfHandshakeError(error), {
      hostname: connection?.serverName ?? null,
      network: connection?.network,
      err: error.cause ?? error,
    });
    secure.destroy();
  };

  #describe(secure: TLSSocket, connection: Connection): void {
    // Node's HTTP/1 server speaks both versions, but Node's HTTP/2 server passes only this one on to it.
    if (secure.alpnProtocol === HTTP_1_0) secure.alpnProtocol = 'http/1.1';
    connection.secure = secure;
    setSeat(secure, connection.seat);
    const stated = statedAddressOf(connection.raw);
    if (stated !== null) setStatedAddress(secure, stated);
    (secure as NamedSocket)[SERVER_NAME] = connection.serverName;
  }
}

/**
 * The server name in the ClientHello of the request's connection, for new and resumed sessions, HTTP/1.1 and HTTP/2.
 * Null on connections of other listeners.
 */
export function sniOfRequest(request: Pick<IncomingMessage, 'socket'>): Hostname | null {
  return (request.socket as NamedSocket)[SERVER_NAME] ?? null;
}

function isUnused(secure: TLSSocket): boolean {
  return secure.alpnProtocol !== 'h2' && secure.bytesRead === 0;
}
