import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { chainForAnotherKey } from './acme-fault-proxy-chain.js';
import type { RequestKind, SeenRequest } from './acme-fault-proxy-requests.js';

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders | OutgoingHttpHeaders;
  readonly body: string;
}

/** Something that goes wrong `times` times at requests of one kind. Faults of one kind happen in the order they were injected. */
export interface Fault {
  readonly at: RequestKind | 'any';
  readonly times?: number;
  /** For requests that it leaves alone, which do not count either. */
  readonly when?: (request: SeenRequest) => boolean;
  /** Instead of asking Pebble. */
  readonly answer?: ProxyAnswer;
  /** No answer but a reset: before Pebble heard of it, or after it did what was asked. */
  readonly reset?: 'before' | 'after';
  /** Null leaves the answer alone and does not count. */
  readonly rewrite?: (answer: ProxyAnswer) => ProxyAnswer | null | Promise<ProxyAnswer | null>;
}

const ACME_ERROR = 'urn:ietf:params:acme:error:';

/** A problem document as CAs send it. @param headers e.g. `{ 'retry-after': '7' }` */
export function problemAnswer(
  status: number,
  type: string,
  detail: string,
  headers: OutgoingHttpHeaders = {},
): ProxyAnswer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: `${ACME_ERROR}${type}`, status, detail }),
  };
}

/** 429. @param retryAfter seconds, or an HTTP-date */
export function rateLimited(at: RequestKind, retryAfter: string, times = 1): Fault {
  const detail = 'too many certificates already issued';
  return {
    at,
    times,
    answer: problemAnswer(429, 'rateLimited', detail, { 'retry-after': retryAfter }),
  };
}

/** 503 in HTML, as from a load balancer whose CA is in maintenance. */
export function unavailable(at: RequestKind | 'any', times = 1, retryAfter?: string): Fault {
  return {
    at,
    times,
    answer: {
      status: 503,
      headers: {
        'content-type': 'text/html',
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
      },
      body: '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
    },
  };
}

/** The CA did it, and the client never hears of it. */
export function resetAfter(at: RequestKind, times = 1): Fault {
  return { at, times, reset: 'after' };
}

/** The next `polls` answers that would show a finished order show one in processing. */
export function stuckInProcessing(polls: number, retryAfter?: string): Fault {
  return {
    at: 'order',
    times: polls,
    rewrite: (answer) => {
      const order = JSON.parse(answer.body) as Record<string, unknown>;
      if (order['status'] !== 'valid') return null;
      delete order['certificate'];
      return {
        ...answer,
        headers: {
          ...answer.headers,
          ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
        },
        body: JSON.stringify({ ...order, status: 'processing' }),
      };
    },
  };
}

/** `mid-certificate` breaks off inside the intermediate; `leaf-only` leaves it out. */
export function truncatedChain(how: 'mid-certificate' | 'leaf-only', times = 1): Fault {
  return {
    at: 'cert',
    times,
    rewrite: (answer) => {
      const end = '-----END CERTIFICATE-----\n';
      const leafEnds = answer.body.indexOf(end) + end.length;
      const cut = how === 'leaf-only' ? leafEnds : leafEnds + 200;
      return answer.status === 200 ? { ...answer, body: answer.body.slice(0, cut) } : null;
    },
  };
}

/** A flawless chain for the same name, whose key is not the one that was asked for. */
export function certificateForAnotherKey(times = 1): Fault {
  return {
    at: 'cert',
    times,
    rewrite: async (answer) => {
      if (answer.status !== 200) return null;
      const name = new X509Certificate(answer.body).subjectAltName?.replace('DNS:', '') ?? '';
      return { ...answer, body: await chainForAnotherKey(name) };
    },
  };
}

/** 409 for orders that name a certificate to replace; others pass. */
export function alreadyReplaced(times = 1): Fault {
  return {
    at: 'newOrder',
    times,
    when: ({ payload }) => payload?.['replaces'] !== undefined,
    answer: problemAnswer(
      409,
      'alreadyReplaced',
      'the certificate already has a replacement order',
    ),
  };
}
