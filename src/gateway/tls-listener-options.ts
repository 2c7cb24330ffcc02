import type { ServerOptions } from 'node:http';
import type { SecureServerOptions } from 'node:http2';
import { TLS_OPTIONS } from '../certificates/contexts/tls-options.js';
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

/** Of the operator's listener, which has one certificate for every SNI. */
export function adminTlsOptions() {
  return {
    ...TLS_OPTIONS,
    sessionIdContext: 'onetime-admin',
    ALPNProtocols: ['http/1.1'],
  } as const;
}

/** Of the server behind the hosts' own TLS servers, which shake hands: see HostServer. */
export function tlsServerOptions(limits: TlsLimits): SecureServerOptions & ServerOptions {
  return {
    allowHTTP1: true,
    // On by default for http servers, not for http2. Without it responses wait for the client's delayed ACK, 40 ms.
    noDelay: true,

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
