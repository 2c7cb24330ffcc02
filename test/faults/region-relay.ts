import { readFile } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createServer as createHttpsServer, request, type Server } from 'node:https';
import { connect, createServer as createPlainServer, type Server as PlainServer } from 'node:net';
import { pipeSockets } from '../support/pipe-sockets.js';

/** One request to the host of a region. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Null: no answer of the region. */
  status: number | null;
  answer: string | null;
}

type Hook = (exchange: Exchange) => Promise<void> | void;

export interface RelayOptions {
  readonly host: string;
  /** Where it listens, and where the region's gateway does: on the same ports. */
  readonly address: string;
  readonly gateway: string;
  readonly ports: { readonly https: number; readonly http: number };
  /** Of a certificate for the host that the other region trusts. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** File of the root by which the gateway itself is verified. */
  readonly caFile: string;
}

/** Stands at the address of a region's host: it sees in clear what the other region and the CA send there. */
export class RegionRelay {
  readonly seen: Exchange[] = [];
  /** Awaited before the region gets the request. */
  onRequest: Hook = () => undefined;
  /** Awaited after the region has answered, before the answer is passed on. */
  onAnswer: Hook = () => undefined;

  readonly #https: Server;
  readonly #plain: PlainServer;

  private constructor(private readonly options: RelayOptions) {
    const { gateway, ports, tls } = options;
    this.#https = createHttpsServer(tls, (incoming, outgoing) => {
      this.#relay(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    this.#plain = createPlainServer((client) => {
      pipeSockets(client, connect(ports.http, gateway), () => undefined);
    });
  }

  static async open(options: RelayOptions): Promise<RegionRelay> {
    const relay = new RegionRelay(options);
    const { address, ports } = options;
    await new Promise<void>((resolve) => relay.#https.listen(ports.https, address, resolve));
    await new Promise<void>((resolve) => relay.#plain.listen(ports.http, address, resolve));
    return relay;
  }

  async close(): Promise<void> {
    this.#https.closeAllConnections();
    await new Promise((resolve) => this.#https.close(resolve));
    this.#plain.close();
  }

  async #relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of incoming as AsyncIterable<Buffer>) body += chunk.toString();
    const { method = '', url: path = '' } = incoming;
    const exchange: Exchange = { method, path, body, status: null, answer: null };
    this.seen.push(exchange);
    await this.onRequest(exchange);
    const { status, headers, text } = await this.#pass(incoming, body);
    Object.assign(exchange, { status, answer: text });
    await this.onAnswer(exchange);
    outgoing.writeHead(status, headers).end(text);
  }

  async #pass(
    { method, url, headers }: IncomingMessage,
    body: string,
  ): Promise<{ status: number; headers: OutgoingHttpHeaders; text: string }> {
    const { gateway, ports, host, caFile } = this.options;
    const ca = await readFile(caFile, 'utf8');
    return new Promise((resolve, reject) => {
      const target = { host: gateway, port: ports.https, servername: host, ca };
      const outgoing = request({ ...target, method, path: url, headers, agent: false });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        let text = '';
        response.on('error', reject);
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      outgoing.end(body);
    });
  }
}
