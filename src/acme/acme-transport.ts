import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createSecureContext } from 'node:tls';
import { SECOND } from '../shared/durations.js';
import { clockOf } from '../shared/retry-after.js';
import { localProblem } from './acme-problem.js';

export interface AcmeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed if the content type and the body are JSON; text otherwise. */
  readonly data: unknown;
}

export interface AcmeTransportOptions {
  /** PEM file of the roots for the CA's own servers; null: the system's. */
  readonly caFile: string | null;
  /** Milliseconds for one whole request. */
  readonly timeout?: number;
  /** Aborts the requests in progress. */
  readonly signal?: AbortSignal;
  /** Called with what the CA's clock says, in milliseconds since the epoch. */
  readonly onDate?: (now: number) => void;
}

const TIMEOUT = 30 * SECOND;
/** Shorter than the idle timeout of servers, so that a request rarely uses a connection that is being closed. */
const IDLE = 3 * SECOND;
const BODY_MAX = 1024 * 1024;
const USER_AGENT = 'onetime-gateway/0.1 (acme)';

/** HTTPS to one CA. One attempt per call: the caller knows the limits and decides about another. */
export class AcmeTransport {
  readonly #agent: Agent;

  constructor(private readonly options: AcmeTransportOptions) {
    const { caFile } = options;
    this.#agent = new Agent({
      keepAlive: true,
      timeout: IDLE,
      maxSockets: 32,
      // Made once: reading the system's roots takes longer than a connection.
      secureContext: createSecureContext(caFile === null ? {} : { ca: readFileSync(caFile) }),
    });
  }

  /** Returns answers of any status. @throws AcmeProblem `connection` when there is no answer */
  async request(url: string, method: string, body?: unknown): Promise<AcmeAnswer> {
    const timeout = this.options.timeout ?? TIMEOUT;
    const deadline = AbortSignal.timeout(timeout);
    const { signal } = this.options;
    try {
      const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
      return await this.#send(new URL(url), method, body, either);
    } catch (cause) {
      const reason = deadline.aborted ? `no answer within ${timeout} ms` : reasonOf(cause);
      throw localProblem('connection', `${method} ${new URL(url).host}: ${reason}`, cause);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(url: URL, method: string, body: unknown, signal: AbortSignal): Promise<AcmeAnswer> {
    const payload = body === undefined ? null : JSON.stringify(body);
    const headers = {
      'user-agent': USER_AGENT,
      ...(payload !== null && {
        'content-type': 'application/jose+json',
        'content-length': Buffer.byteLength(payload),
      }),
    };
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { agent: this.#agent, method, headers, signal };
      const outgoing = request(url, options, resolve).on('error', reject);
      outgoing.end(payload ?? undefined);
    });
    const text = await readBody(incoming);
    const { statusCode = 0, headers: answered } = incoming;
    const date = clockOf(answered);
    if (date !== null) this.options.onDate?.(date);
    return { status: statusCode, headers: answered, data: parse(answered, text) };
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A stream that ends early throws here, so a partial chain is never returned.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_MAX) throw new Error(`the answer exceeds ${BODY_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(headers: IncomingHttpHeaders, text: string): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\b/.test(headers['content-type'] ?? '')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
