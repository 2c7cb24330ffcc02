import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { chainForAnotherKey } from './acme-fault-proxy-chain.js';
import type { RequestKind, SeenRequest } from './acme-fault-proxy-requests.js';

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders | OutgoingHttpHeaders;
  readonly body: string;
}

/** A fault of the next `times` requests of one kind. Faults of one kind happen in the order of injection. */
export interface Fault {
  readonly at: RequestKind | 'any';
  readonly times?: number;
  /** Requests that it applies to; others do not count. */
  readonly when?: (request: SeenRequest) => boolean;
  /** Answered instead of Pebble. */
  readonly answer?: ProxyAnswer;
  /** A reset in place of an answer: before Pebble gets the request, or after it has acted. */
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

/** The CA acts, and the client gets no answer. */
export function resetAfter(at: RequestKind, times = 1): Fault {
  return { at, times, reset: 'after' };
}

/** The next `polls` answers show a finished order as processing. */
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

/** `mid-certificate` ends inside the intermediate; `leaf-only` omits it. */
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

/** A valid chain for the same name and another key. */
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
