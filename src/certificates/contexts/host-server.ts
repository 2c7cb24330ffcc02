import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import {
  TICKET_LIFETIME,
  ticketKeyOf,
  TicketKeys,
  type HostTicketKey,
} from '../tickets/ticket-keys.js';
import { renewTickets } from '../tickets/ticket-renewal.js';
import { PROTOCOLS, TLS_OPTIONS } from './tls-options.js';

/** Node's own way to free a context (`crypto_context.cc`), which it uses for contexts of one connection. */
interface NativeContext {
  readonly close?: () => void;
}

/** A private key with its chain, as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

interface HostServersOptions {
  /** Milliseconds. */
  readonly handshakeTimeout?: number;
}

const HANDSHAKE_TIMEOUT = 10 * SECOND;

/** Makes the servers of a region's hosts. */
export class HostServers {
  /** Whether Node's private way to renew tickets works. */
  renewsTickets = false;

  constructor(
    readonly tickets: TicketKeys = new TicketKeys(),
    private readonly options: HostServersOptions = {},
  ) {}

  /** @throws when key and chain are not usable */
  build(hostname: Hostname, pair: KeyPair): HostServer {
    const handshakeTimeout = this.options.handshakeTimeout ?? HANDSHAKE_TIMEOUT;
    return new HostServer(hostname, { ...pair, handshakeTimeout }, this);
  }
}

/**
 * The TLS of one host: its certificate, and its keys of tickets. In Node tickets belong to a server, so that with one
 * server for all hosts, a ticket of one host would resume under each other one. It never listens.
 */
export class HostServer {
  /** For 'secureConnection' and 'tlsClientError'. */
  readonly server: Server;
  #usable: readonly Buffer[] = [];
  #keys: readonly HostTicketKey[] = [];
  #renews = false;
  #isRetired = false;

  constructor(
    private readonly hostname: Hostname,
    { key, cert, handshakeTimeout }: KeyPair & { readonly handshakeTimeout: number },
    private readonly servers: Pick<HostServers, 'tickets' | 'renewsTickets'>,
  ) {
    this.server = createServer({
      ...TLS_OPTIONS,
      key,
      cert,
      ALPNProtocols: PROTOCOLS,
      handshakeTimeout,
      sessionIdContext: 'onetime-gateway',
      sessionTimeout: TICKET_LIFETIME / SECOND,
    });
  }

  /**
   * Shakes hands on a connection whose ClientHello asks for this host, in the turn of the event loop that found it.
   * @throws later, if it was retired
   */
  accept(raw: Socket): void {
    // Node ends the process when a context without its native part accepts.
    if (this.#isRetired) throw new Error(`${this.hostname}: its TLS is no longer in memory`);
    if (this.servers.renewsTickets) {
      this.#renews ||= renewTickets(this.server, () => this.#currentKeys());
    }
    if (!this.#renews) this.#setTicketKeys();
    this.server.emit('connection', raw);
  }

  /**
   * Frees its memory after this turn of the event loop. OpenSSL keeps what open connections need. V8 does not count this
   * memory: without this, thousands of them wait for a full collection. A Node without the call leaves them to that.
   */
  retire(): void {
    setImmediate(() => {
      this.#isRetired = true;
      const { _sharedCreds: shared } = this.server as {
        _sharedCreds?: { context?: NativeContext };
      };
      shared?.context?.close?.();
    });
  }

  /** One key at a time: after a change, older tickets are not resumed. */
  #setTicketKeys(): void {
    const before = this.#keys[0];
    const [sealing] = this.#currentKeys();
    if (sealing !== undefined && sealing !== before) this.server.setTicketKeys(sealing.whole);
  }

  #currentKeys(): readonly HostTicketKey[] {
    const usable = this.servers.tickets.usable();
    if (usable !== this.#usable) {
      this.#usable = usable;
      this.#keys = usable.map((secret) => ticketKeyOf(secret, this.hostname));
    }
    return this.#keys;
  }
}
