import { randomBytes } from 'node:crypto';
import type { ServerOptions } from 'node:http';
import type { SecureServerOptions } from 'node:http2';
import { MINUTE, SECOND } from '../shared/durations.js';

/** How long and how large things on the TLS port may be. Durations in milliseconds, sizes in bytes. */
export const TLS_LIMITS = {
  /** From accept to the whole ClientHello. */
  clientHelloTimeout: 5 * SECOND,
  handshakeTimeout: 10 * SECOND,
  /** A refused client gets this long to read why. */
  refusalTimeout: SECOND,
  headersTimeout: 20 * SECOND,
  requestTimeout: MINUTE,
  /** How often those two are looked at. */
  timeoutCheckInterval: 5 * SECOND,
  keepAliveTimeout: 65 * SECOND,
  /** Nothing sent and nothing received on a connection. */
  idleTimeout: 2 * MINUTE,
  headerBytes: 16 * 1024,
  headerPairs: 100,
  concurrentStreams: 100,
  sessionMegabytes: 10,
} as const;

export type TlsLimits = { readonly [Name in keyof typeof TLS_LIMITS]: number };

/**
 * No certificate of its own: a name brings one through SNI or there is no handshake. No `ecdhCurve` either, since a
 * list of our own would turn the post-quantum key exchange off.
 */
export function tlsServerOptions(limits: TlsLimits): SecureServerOptions & ServerOptions {
  return {
    allowHTTP1: true,
    // The default of http servers, not of this one. Without it, answers wait for the client's delayed ACK: 40 ms.
    noDelay: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.handshakeTimeout,
    ticketKeys: randomBytes(48),
    sessionIdContext: 'onetime-gateway',

    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: limits.timeoutCheckInterval,
    keepAliveTimeout: limits.keepAliveTimeout,
    maxHeaderSize: limits.headerBytes,
    // A missing Host is answered by the gateway, in its own words.
    requireHostHeader: false,

    maxHeaderListPairs: limits.headerPairs,
    maxSessionMemory: limits.sessionMegabytes,
    settings: {
      maxConcurrentStreams: limits.concurrentStreams,
      maxHeaderListSize: limits.headerBytes,
      enablePush: false,
    },
  };
}
