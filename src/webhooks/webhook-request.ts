import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { retryAfterIn } from '../shared/retry-after.js';
import { TargetLookup } from './target-addresses.js';
import type { AttemptResult, DeliveryFailure } from './webhook.js';
import { WebhookSettings } from './webhook-settings.js';
import { hostOf } from './webhook-url.js';

export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Attempt {
  readonly result: AttemptResult;
  readonly durationMs: number;
}

const ANSWER_BYTES_MAX = 65_536;
const HEADER_BYTES_MAX = 16_384;
/** Nothing was sent when a connection fails like this, so another address may be tried. */
const UNCONNECTED = new Set(['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL']);

/**
 * Sends one request to an address that was checked, on a connection of its own. It follows no redirect and takes no
 * proxy from the environment. Never throws.
 */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly lookup: TargetLookup,
    private readonly settings: WebhookSettings,
  ) {}

  async send(request: OutgoingRequest): Promise<Attempt> {
    const begun = performance.now();
    const signal = AbortSignal.timeout(this.settings.attemptMs);
    const result = await this.#attempt(request, signal).catch((error: unknown) =>
      failed(failureOf(error, signal)),
    );
    return { result, durationMs: Math.round(performance.now() - begun) };
  }

  async #attempt(request: OutgoingRequest, signal: AbortSignal): Promise<AttemptResult> {
    const found = await this.lookup.find(hostOf(request.url), signal);
    if (signal.aborted) return failed('timeout');
    if (found.kind !== 'found') return failed(found.kind);
    const isPlain = request.url.protocol === 'http:';
    const { privateTargets, roots } = this.settings;
    if (isPlain && !found.addresses.every((address) => privateTargets.contains(address)))
      return failed('private_address');
    for (const [index, address] of found.addresses.entries()) {
      try {
        return await exchange(request, { address, roots, signal });
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (!UNCONNECTED.has(code) || index === found.addresses.length - 1) throw error;
      }
    }
    return failed('dns');
  }
}

interface Way {
  readonly address: string;
  readonly roots: string | null;
  readonly signal: AbortSignal;
}

/** The status counts, whatever becomes of the answer's body: it is read to its end or its limit, and dropped. */
async function exchange(request: OutgoingRequest, way: Way): Promise<AttemptResult> {
  const response = await begin(request, way);
  await drain(response).catch(() => undefined);
  const { statusCode = 0, headers } = response;
  const retryAfterSeconds = retryAfterIn(headers, new Date());
  return { status: statusCode, failure: null, retryAfterSeconds };
}

function begin({ url, headers, body }: OutgoingRequest, way: Way): Promise<IncomingMessage> {
  const host = hostOf(url);
  const options: RequestOptions = {
    method: 'POST',
    host: way.address,
    port: url.port === '' ? undefined : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    },
    agent: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    signal: way.signal,
  };
  return new Promise((resolve, reject) => {
    const outgoing =
      url.protocol === 'http:'
        ? requestHttp(options)
        : requestHttps({
            ...options,
            // Of an address, the certificate must have the address.
            servername: isIP(host) === 0 ? host : '',
            ...(way.roots === null ? {} : { ca: way.roots }),
          });
    outgoing.on('response', resolve).on('error', reject);
    outgoing.on('close', () => reject(new Error('the connection was closed'))).end(body);
  });
}

async function drain(response: IncomingMessage): Promise<void> {
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the connection, so the rest is not received.
    if (length >= ANSWER_BYTES_MAX) break;
  }
}

function failed(failure: DeliveryFailure): AttemptResult {
  return { status: null, failure, retryAfterSeconds: null };
}

function failureOf(error: unknown, signal: AbortSignal): DeliveryFailure {
  if (signal.aborted) return 'timeout';
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ETIMEDOUT') return 'timeout';
  return /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_|SELF_|UNABLE_|INVALID_|HOSTNAME_|ERR_OSSL)/.test(
    code,
  )
    ? 'tls'
    : 'connection';
}
