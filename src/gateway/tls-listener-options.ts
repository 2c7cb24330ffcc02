import { randomBytes } from 'node:crypto';
import type { ServerOptions } from 'node:http';
import type { SecureServerOptions } from 'node:http2';
import { MINUTE, SECOND } from '../shared/durations.js';

/**
 * The limits of the TLS listener. Durations in milliseconds, sizes in bytes. Node applies those of requests to HTTP/1.1
 * only; http2-deadlines.ts applies the same numbers to HTTP/2. Bodies have tighter ones in both: region/body-limits.ts.
 */
export const TLS_LIMITS = {
  /** From accept to the complete ClientHello. */
  clientHelloTimeout: 5 * SECOND,
  handshakeTimeout: 10 * SECOND,
  /** How long a refused client has to read the alert before the connection is destroyed. */
  refusalTimeout: SECOND,
  /** Over HTTP/2: from the handshake to the first complete header block. */
  headersTimeout: 20 * SECOND,
  /** Of a request with its body: then 408, over HTTP/2 for that stream only. */
  requestTimeout: MINUTE,
  /** How often Node checks headersTimeout and requestTimeout. */
  timeoutCheckInterval: 5 * SECOND,
  /** Over HTTP/2: without an open stream. Pings do not extend it. */
  keepAliveTimeout: 65 * SECOND,
  /** Without any bytes sent or received. */
  idleTimeout: 2 * MINUTE,
  /** Also the longest time between a session and its resumption. */
  ticketLifetimeSeconds: 2 * 60 * 60,
  /** How often the keys that seal tickets are replaced. Who steals a key reads the tickets of that time only. */
  ticketKeyLifetime: 2 * 60 * MINUTE,
  /** Over HTTP/2 the decoded list. */
  headerBytes: 16 * 1024,
  /** HTTP/2 only: over HTTP/1.1 Node's own limit of 2,000 holds, and headerBytes before it. */
  headerPairs: 100,
  /** A browser opens six or so at once. Each may hold a body of 1 MiB. */
  concurrentStreams: 32,
  /** Of HTTP/2, from its header to the last byte of its answer. Over HTTP/1.1 idleTimeout ends who does not read. */
  streamTimeout: 2 * MINUTE,
  /** Streams of a connection that the client may cancel at once, and then in a second (CVE-2023-44487). */
  streamResetBurst: 100,
  streamResetRate: 10,
  /** HTTP/2 only: HTTP/1.1 has no memory of a session beside the request in work. */
  sessionMegabytes: 10,
} as const;

export type TlsLimits = { readonly [Name in keyof typeof TLS_LIMITS]: number };

/**
 * TLS 1.3, and of TLS 1.2 the suites with an ephemeral key and an AEAD: the list "intermediate" of Mozilla
 * (https://ssl-config.mozilla.org), without DHE, because the certificates are ECDSA or RSA with ECDHE.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

export function newTicketKeys(): Buffer {
  return randomBytes(48);
}

/** Of the operator's listener, which has one certificate for every SNI. */
export function adminTlsOptions() {
  return {
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    sessionIdContext: 'onetime-admin',
    ALPNProtocols: ['http/1.1'],
  } as const;
}

/** The only protocol that `curl --http1.0` offers. */
export const HTTP_1_0 = 'http/1.0';
/** In the server's order of preference. */
const PROTOCOLS = ['h2', 'http/1.1', HTTP_1_0];

/**
 * No default certificate: without a certificate for the SNI there is no handshake. `ecdhCurve` is not set, because a
 * list here would disable the post-quantum key exchange.
 */
export function tlsServerOptions(limits: TlsLimits): SecureServerOptions & ServerOptions {
  return {
    allowHTTP1: true,
    // On by default for http servers, not for http2. Without it responses wait for the client's delayed ACK, 40 ms.
    noDelay: true,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    // A list would be replaced by the http2 module, which knows no HTTP/1.0.
    ALPNCallback: ({ protocols }) => PROTOCOLS.find((name) => protocols.includes(name)),
    handshakeTimeout: limits.handshakeTimeout,
    ticketKeys: newTicketKeys(),
    sessionIdContext: 'onetime-gateway',
    sessionTimeout: limits.ticketLifetimeSeconds,

    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: limits.timeoutCheckInterval,
    keepAliveTimeout: limits.keepAliveTimeout,
    maxHeaderSize: limits.headerBytes,
    // The gateway answers a missing Host itself, with JSON.
    requireHostHeader: false,

    maxHeaderListPairs: limits.headerPairs,
    maxSessionMemory: limits.sessionMegabytes,
    streamResetBurst: limits.streamResetBurst,
    streamResetRate: limits.streamResetRate,
    settings: {
      maxConcurrentStreams: limits.concurrentStreams,
      maxHeaderListSize: limits.headerBytes,
      enablePush: false,
    },
  };
}
