import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Fault, ProxyAnswer } from './acme-fault-proxy-faults.js';
import { NamesOfPaths } from './acme-fault-proxy-names.js';
import {
  kindOf,
  payloadOf,
  type RequestKind,
  type SeenRequest,
} from './acme-fault-proxy-requests.js';
import type { Pebble } from './pebble.js';

export type ProxyHook = (
  kind: RequestKind,
  n: number,
  request: SeenRequest,
) => Promise<void> | void;

/** Something that a CA has and Pebble has not. */
export interface ProxyExtension {
  /** In place of Pebble; null: Pebble is asked. */
  answer(request: SeenRequest): Promise<ProxyAnswer | null>;
  /** What the client sees of Pebble's answer. */
  extend(request: SeenRequest, answer: ProxyAnswer): ProxyAnswer;
}

export interface RenewalWindow {
  readonly start: Date;
  readonly end: Date;
  readonly explanationUrl?: string;
  readonly retryAfterSeconds?: number;
}

/**
 * An HTTPS proxy in front of Pebble that counts requests and injects faults. Pebble builds its URLs from Host and checks
 * signatures against them, so Host is passed on unchanged and nothing is signed again.
 */
export class AcmeFaultProxy {
  /** Every request, in order. */
  readonly seen: SeenRequest[] = [];
  /** Awaited before a request goes to Pebble. */
  onRequest: ProxyHook = () => undefined;
  /** Awaited after Pebble has answered, before the client gets the answer. */
  onResponse: ProxyHook = () => undefined;
  /** True: each request's connection is reset. */
  outage = false;
  /** Added to the directory's `meta`: profiles, caaIdentities. */
  meta: Readonly<Record<string, unknown>> = {};
  /** The renewal window of a certificate by its ARI id. Null: the directory has no renewalInfo. */
  renewalWindow: ((certId: string) => RenewalWindow) | null = null;

  extension: ProxyExtension | null = null;

  readonly #faults: { readonly fault: Fault; left: number }[] = [];
  readonly #counts = new Map<RequestKind, number>();
  readonly #names = new NamesOfPaths();
  readonly #server;

  private constructor(private pebble: Pebble) {
    this.#server = createServer(
      { cert: pebble.tls.certificatePem, key: pebble.tls.privateKeyPem },
      (incoming, outgoing) => {
        // An error here looks like a broken connection to the client.
        this.#handle(incoming, outgoing).catch(() => outgoing.destroy());
      },
    );
  }

  static async start(pebble: Pebble): Promise<AcmeFaultProxy> {
    const proxy = new AcmeFaultProxy(pebble);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get directoryUrl(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/dir`;
  }

  /** The root of the proxy's certificate. */
  get caFile(): string {
    return this.pebble.caFile;
  }

  inject(...faults: readonly Fault[]): void {
    this.#faults.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
  }

  /** Removes pending faults, hooks and the outage. */
  heal(): void {
    this.#faults.length = 0;
    this.outage = false;
    this.onRequest = this.onResponse = () => undefined;
  }

  /** Requests received, including refused ones. */
  count(kind: RequestKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Requests answered with success. */
  accepted(kind: RequestKind): number {
    return this.seen.filter((one) => one.kind === kind && one.status !== null && one.status < 300)
      .length;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const seen = this.#note(incoming.url ?? '/', body);
    await this.onRequest(seen.kind, seen.n, seen);
    const answer = await this.#answer(incoming, body, seen);
    if (answer === null) {
      incoming.socket.resetAndDestroy();
      return;
    }
    seen.status = answer.status;
    const headers = { ...answer.headers };
    // A rewritten body has another length.
    delete headers['content-length'];
    outgoing.writeHead(answer.status, headers as OutgoingHttpHeaders).end(answer.body);
  }

  #note(path: string, body: Buffer): SeenRequest {
    const kind = kindOf(path);
    const n = this.count(kind) + 1;
    this.#counts.set(kind, n);
    const payload = payloadOf(body);
    const hostname = this.#names.of(path, payload);
    const seen: SeenRequest = { kind, n, path, hostname, payload, done: null, status: null };
    this.seen.push(seen);
    return seen;
  }

  /** Null: a reset. */
  async #answer(
    incoming: IncomingMessage,
    body: Buffer,
    seen: SeenRequest,
  ): Promise<ProxyAnswer | null> {
    if (this.outage) return null;
    const pending = this.#faults.find(
      ({ fault, left }) =>
        left > 0 && ['any', seen.kind].includes(fault.at) && (fault.when?.(seen) ?? true),
    );
    const fault = pending?.fault;
    if (pending !== undefined && fault?.rewrite === undefined) pending.left -= 1;
    if (fault?.reset === 'before') return null;
    if (fault?.answer !== undefined) return fault.answer;
    const given = this.#renewalInfo(seen) ?? (await this.extension?.answer(seen)) ?? null;
    const pebbles = given ?? (await this.#forward(incoming, body));
    seen.done = pebbles.status;
    this.#names.learn(pebbles);
    const answer = given === null ? (this.extension?.extend(seen, pebbles) ?? pebbles) : given;
    await this.onResponse(seen.kind, seen.n, seen);
    if (fault?.reset === 'after') return null;
    const rewritten = (await fault?.rewrite?.(answer)) ?? null;
    if (rewritten !== null && pending !== undefined) pending.left -= 1;
    if (seen.kind === 'directory') return this.#extendDirectory(answer, incoming);
    return rewritten ?? answer;
  }

  #extendDirectory(answer: ProxyAnswer, { headers }: IncomingMessage): ProxyAnswer {
    const directory = JSON.parse(answer.body) as { meta?: object };
    return {
      ...answer,
      body: JSON.stringify({
        ...directory,
        meta: { ...directory.meta, ...this.meta },
        ...(this.renewalWindow !== null && {
          renewalInfo: `https://${headers.host}/renewal-info`,
        }),
      }),
    };
  }

  #renewalInfo({ kind, path }: SeenRequest): ProxyAnswer | null {
    if (kind !== 'ari' || this.renewalWindow === null) return null;
    const window = this.renewalWindow(path.slice(path.lastIndexOf('/') + 1));
    const { start, end, explanationUrl, retryAfterSeconds } = window;
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'retry-after': String(retryAfterSeconds ?? 21_600),
      },
      body: JSON.stringify({
        suggestedWindow: { start: start.toISOString(), end: end.toISOString() },
        ...(explanationUrl !== undefined && { explanationURL: explanationUrl }),
      }),
    };
  }

  #forward(incoming: IncomingMessage, body: Buffer): Promise<ProxyAnswer> {
    return new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: this.pebble.port,
        ca: this.pebble.tls.certificatePem,
        agent: false as const,
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: { ...incoming.headers, connection: 'close' },
      };
      const outgoing = request(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const headers = { ...answer.headers };
          delete headers.connection;
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, headers, body: text });
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}
