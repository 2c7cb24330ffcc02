import type { IncomingMessage, Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { parseHostname, type Hostname } from '../shared/hostname.js';
import { networkOf, type Network } from '../shared/network.js';
import { answerTlsAlpnChallenge, isTlsAlpnChallenge } from './tls-alpn-challenge.js';
import { peekClientHello } from './peek-client-hello.js';
import type { Hello } from './client-hello.js';
import { TLS_LIMITS, tlsServerOptions, type TlsLimits } from './tls-listener-options.js';

/** Whose names the port speaks for. What is not at hand comes as a promise; it rejects when nobody can say. */
export interface SniContextSource {
  isServable(hostname: Hostname, network: Network): boolean | Promise<boolean>;
  /** Asked for names that were servable a moment ago. */
  find(hostname: Hostname): SecureContext | null | Promise<SecureContext | null>;
  /** For a client that offers nothing but `acme-tls/1`. */
  findChallenge?(hostname: Hostname, network: Network): Promise<SecureContext | null>;
}

type ContextCallback = (error: Error | null, context?: SecureContext) => void;

interface Connection {
  readonly raw: Socket;
  /** From the ClientHello: a resumed TLS 1.2 session does not tell it later. */
  serverName: Hostname | null;
  /** Null until the handshake is done. */
  secure: TLSSocket | null;
}

const SERVER_NAME = Symbol('server name');

type NamedSocket = Socket & { [SERVER_NAME]?: Hostname | null };

/** TLS 1.3, level fatal (2), the alert, in a record of two bytes (RFC 8446 section 6). */
const ALERT = {
  unrecognizedName: Buffer.from([21, 3, 3, 0, 2, 2, 112]),
  internalError: Buffer.from([21, 3, 3, 0, 2, 2, 80]),
} as const;
const DRAIN_SWEEP = 100;
const WENT_AWAY = 'the name went away during the handshake';

/**
 * The port that speaks TLS: HTTP/2 and HTTP/1.1, for names that have a certificate. A client that names anybody else,
 * or nobody, is told so before any cryptography and sees no certificate.
 */
export class TlsListener {
  /** For 'request', 'clientError' and 'checkExpectation'. */
  readonly server: Http2SecureServer & Pick<Server, 'closeIdleConnections'>;
  readonly #connections = new Map<string, Connection>();
  readonly #accept: (socket: Socket) => void;

  constructor(
    private readonly names: SniContextSource,
    private readonly limits: TlsLimits = TLS_LIMITS,
  ) {
    this.server = createSecureServer({
      ...tlsServerOptions(limits),
      SNICallback: (name, done) => this.#findContext(name, done),
    }) as TlsListener['server'];
    this.server.setTimeout(limits.idleTimeout);
    // We look at each socket first; the server itself listens, so that its time-outs and closing keep working.
    this.#accept = this.server.listeners('connection')[0] as (socket: Socket) => void;
    this.server.removeAllListeners('connection').on('connection', (raw) => this.#admit(raw));
    this.server.prependListener('secureConnection', (secure) => this.#name(secure));
    // Not 'clientError': nobody can be answered there. Node closes it by itself, except after a time-out.
    this.server.removeAllListeners('tlsClientError');
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Handshakes and refusals under way included. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Resolves to the port, of use when `port` is 0. */
  listen(bind: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host: bind, port }, () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /**
   * Stops accepting, sends GOAWAY, closes what is idle now and what becomes idle. Resolves when the last connection is
   * gone; it sets no deadline.
   */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      const sweep = setInterval(() => this.server.closeIdleConnections(), DRAIN_SWEEP);
      this.server.close(() => {
        clearInterval(sweep);
        resolve();
      });
      for (const { raw, secure } of this.#connections.values()) {
        // Node counts a connection without a first request as busy.
        if (secure === null || isUnused(secure)) raw.destroy();
      }
    });
  }

  /** Cuts every connection. */
  destroyAll(): void {
    for (const { raw } of this.#connections.values()) raw.destroy();
  }

  #admit(raw: Socket): void {
    const key = keyOf(raw);
    const connection: Connection = { raw, serverName: null, secure: null };
    this.#connections.set(key, connection);
    raw.once('close', () => {
      // The client may use the same port again before we hear that the first connection is closed.
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
    raw.on('error', () => raw.destroy());
    peekClientHello(raw, this.limits.clientHelloTimeout, (hello) => this.#greet(connection, hello));
  }

  #greet(connection: Connection, hello: Hello): void {
    const { raw } = connection;
    const hostname = hello.serverName === null ? null : parseHostname(hello.serverName);
    if (hostname === null) return this.#refuse(raw, 'unrecognizedName');
    if (isTlsAlpnChallenge(hello)) return void this.#answerChallenge(raw, hostname);
    const isServable = this.names.isServable(hostname, networkOf(raw.remoteAddress ?? ''));
    if (isServable instanceof Promise) {
      isServable.then(
        (isIt) => this.#decide(connection, hostname, isIt),
        () => this.#refuse(raw, 'internalError'),
      );
    } else {
      this.#decide(connection, hostname, isServable);
    }
  }

  #decide(connection: Connection, hostname: Hostname, isServable: boolean): void {
    const { raw } = connection;
    if (!isServable) return this.#refuse(raw, 'unrecognizedName');
    // Gone while we were asking.
    if (raw.destroyed) return;
    connection.serverName = hostname;
    this.#accept.call(this.server, raw);
  }

  async #answerChallenge(raw: Socket, hostname: Hostname): Promise<void> {
    try {
      const network = networkOf(raw.remoteAddress ?? '');
      const context = (await this.names.findChallenge?.(hostname, network)) ?? null;
      if (context === null) this.#refuse(raw, 'unrecognizedName');
      else if (!raw.destroyed) answerTlsAlpnChallenge(raw, context, this.limits.handshakeTimeout);
    } catch {
      this.#refuse(raw, 'internalError');
    }
  }

  #refuse(raw: Socket, alert: keyof typeof ALERT): void {
    raw.end(ALERT[alert]);
    // Read on: closing with bytes unread resets the connection, and the reset may overtake the alert.
    raw.resume();
    const timer = setTimeout(() => raw.destroy(), this.limits.refusalTimeout);
    raw.once('close', () => clearTimeout(timer));
  }

  #findContext(name: string, done: ContextCallback): void {
    const hostname = parseHostname(name);
    const found = hostname === null ? null : this.names.find(hostname);
    if (found === null) {
      done(new Error(WENT_AWAY));
    } else if (found instanceof Promise) {
      void answerLater(found, done);
    } else {
      done(null, found);
    }
  }

  #name(secure: TLSSocket): void {
    const connection = this.#connections.get(keyOf(secure));
    if (connection === undefined) return;
    connection.secure = secure;
    (secure as NamedSocket)[SERVER_NAME] = connection.serverName;
  }
}

/**
 * The name in the ClientHello of the connection that a request came on, session resumed or not, HTTP/1.1 or HTTP/2.
 * Null on connections that are not a TlsListener's.
 */
export function sniOfRequest(request: Pick<IncomingMessage, 'socket'>): Hostname | null {
  return (request.socket as NamedSocket)[SERVER_NAME] ?? null;
}

async function answerLater(
  found: Promise<SecureContext | null>,
  done: ContextCallback,
): Promise<void> {
  try {
    const context = await found;
    if (context === null) done(new Error(WENT_AWAY));
    else done(null, context);
  } catch (error) {
    done(error as Error);
  }
}

/** What tells two live connections apart, the same for a raw socket and for the TLS socket made of it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress}`;
}

function isUnused(secure: TLSSocket): boolean {
  return secure.alpnProtocol !== 'h2' && secure.bytesRead === 0;
}
