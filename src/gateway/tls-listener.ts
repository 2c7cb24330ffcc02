import type { IncomingMessage, Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { parseHostname, type Hostname } from '../shared/hostname.js';
import { networkOf, type Network } from '../shared/network.js';
import type { Hello } from './client-hello.js';
import { sendAndClose } from './close-socket.js';
import { listen } from './listen.js';
import { peekClientHello } from './peek-client-hello.js';
import { answerTlsAlpnChallenge, isTlsAlpnChallenge } from './tls-alpn-challenge.js';
import { TLS_LIMITS, tlsServerOptions, type TlsLimits } from './tls-listener-options.js';

/** Supplies the certificates. A result that needs a query is a promise; it rejects when the query fails. */
export interface SniContextSource {
  isServable(hostname: Hostname, network: Network): boolean | Promise<boolean>;
  /** Called during the handshake, after isServable() returned true for the name. */
  find(hostname: Hostname): SecureContext | null | Promise<SecureContext | null>;
  /** For a client that offers only `acme-tls/1`. */
  findChallenge?(hostname: Hostname, network: Network): Promise<SecureContext | null>;
}

type ContextCallback = (error: Error | null, context?: SecureContext) => void;

interface Connection {
  readonly raw: Socket;
  /** From the ClientHello, because Node does not report it for a resumed TLS 1.2 session. */
  serverName: Hostname | null;
  /** Null until the handshake is done. */
  secure: TLSSocket | null;
}

const SERVER_NAME = Symbol('server name');

type NamedSocket = Socket & { [SERVER_NAME]?: Hostname | null };

/** An alert record with version 3.3, two bytes long: level fatal (2) and the description (RFC 8446 section 6). */
const ALERT = {
  unrecognizedName: Buffer.from([21, 3, 3, 0, 2, 2, 112]),
  internalError: Buffer.from([21, 3, 3, 0, 2, 2, 80]),
} as const;
const IDLE_CLOSE_INTERVAL = 100;
const NO_CERTIFICATE = 'no certificate for the server name any more';

/**
 * The TLS listener: HTTP/2 and HTTP/1.1 for names that have a certificate. A client without SNI or with another name
 * gets the alert unrecognized_name before any cryptography and sees no certificate.
 */
export class TlsListener {
  /** For 'request', 'clientError', 'checkContinue' and 'checkExpectation'. */
  readonly server: Http2SecureServer & Pick<Server, 'closeIdleConnections'>;
  readonly #connections = new Map<string, Connection>();
  readonly #accept: (socket: Socket) => void;

  constructor(
    private readonly contexts: SniContextSource,
    private readonly limits: TlsLimits = TLS_LIMITS,
  ) {
    this.server = createSecureServer({
      ...tlsServerOptions(limits),
      SNICallback: (name, done) => this.#findContext(name, done),
    }) as TlsListener['server'];
    this.server.setTimeout(limits.idleTimeout);
    // This class reads the ClientHello of each socket first. The server still does the listening, so its timeouts and close() work.
    this.#accept = this.server.listeners('connection')[0] as (socket: Socket) => void;
    this.server.removeAllListeners('connection').on('connection', (raw) => this.#admit(raw));
    this.server.prependListener('secureConnection', (secure) => this.#storeServerName(secure));
    // No HTTP answer is possible before the handshake, so 'clientError' is not emitted. After a handshake timeout Node leaves the socket open.
    this.server.removeAllListeners('tlsClientError');
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Includes handshakes and refusals in progress. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  listen(bind: string, port: number): Promise<number> {
    return listen(this.server, { bind, port });
  }

  /**
   * Stops accepting, sends GOAWAY, and closes connections as they become idle. Resolves when the last connection is
   * closed. Has no deadline.
   */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => this.server.closeIdleConnections(), IDLE_CLOSE_INTERVAL);
      this.server.close(() => {
        clearInterval(timer);
        resolve();
      });
      for (const { raw, secure } of this.#connections.values()) {
        // closeIdleConnections() skips connections that have not sent a request yet.
        if (secure === null || isUnused(secure)) raw.destroy();
      }
    });
  }

  /** Destroys every connection. */
  destroyAll(): void {
    for (const { raw } of this.#connections.values()) raw.destroy();
  }

  #admit(raw: Socket): void {
    const key = keyOf(raw);
    const connection: Connection = { raw, serverName: null, secure: null };
    this.#connections.set(key, connection);
    raw.once('close', () => {
      // The client may reuse its port before this event: the entry may belong to a newer connection.
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
    raw.on('error', () => raw.destroy());
    peekClientHello(raw, this.limits.clientHelloTimeout, (hello) =>
      this.#checkName(connection, hello),
    );
  }

  #checkName(connection: Connection, hello: Hello): void {
    const { raw } = connection;
    const hostname = hello.serverName === null ? null : parseHostname(hello.serverName);
    if (hostname === null) return this.#refuse(raw, 'unrecognizedName');
    if (isTlsAlpnChallenge(hello)) return void this.#answerChallenge(raw, hostname);
    const isServable = this.contexts.isServable(hostname, networkOf(raw.remoteAddress ?? ''));
    if (isServable instanceof Promise) {
      isServable.then(
        (result) => this.#acceptOrRefuse(connection, hostname, result),
        () => this.#refuse(raw, 'internalError'),
      );
    } else {
      this.#acceptOrRefuse(connection, hostname, isServable);
    }
  }

  #acceptOrRefuse(connection: Connection, hostname: Hostname, isServable: boolean): void {
    const { raw } = connection;
    if (!isServable) return this.#refuse(raw, 'unrecognizedName');
    // The client may have left during the query.
    if (raw.destroyed) return;
    connection.serverName = hostname;
    this.#accept.call(this.server, raw);
  }

  async #answerChallenge(raw: Socket, hostname: Hostname): Promise<void> {
    try {
      const network = networkOf(raw.remoteAddress ?? '');
      const context = (await this.contexts.findChallenge?.(hostname, network)) ?? null;
      if (context === null) this.#refuse(raw, 'unrecognizedName');
      else if (!raw.destroyed) answerTlsAlpnChallenge(raw, context, this.limits.handshakeTimeout);
    } catch {
      this.#refuse(raw, 'internalError');
    }
  }

  #refuse(raw: Socket, alert: keyof typeof ALERT): void {
    sendAndClose(raw, ALERT[alert], this.limits.refusalTimeout);
  }

  #findContext(name: string, done: ContextCallback): void {
    const hostname = parseHostname(name);
    const found = hostname === null ? null : this.contexts.find(hostname);
    if (found === null) {
      done(new Error(NO_CERTIFICATE));
    } else if (found instanceof Promise) {
      void callWhenFound(found, done);
    } else {
      done(null, found);
    }
  }

  #storeServerName(secure: TLSSocket): void {
    const connection = this.#connections.get(keyOf(secure));
    if (connection === undefined) return;
    connection.secure = secure;
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

async function callWhenFound(
  found: Promise<SecureContext | null>,
  done: ContextCallback,
): Promise<void> {
  try {
    const context = await found;
    if (context === null) done(new Error(NO_CERTIFICATE));
    else done(null, context);
  } catch (error) {
    done(error as Error);
  }
}

/** Unique among open connections, and equal for a raw socket and the TLS socket on it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress}`;
}

function isUnused(secure: TLSSocket): boolean {
  return secure.alpnProtocol !== 'h2' && secure.bytesRead === 0;
}
