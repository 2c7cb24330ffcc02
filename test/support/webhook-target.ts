import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface TakenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end();

/** A real HTTPS listener on 127.0.0.1 that keeps what it is sent. */
export class WebhookTarget {
  readonly taken: TakenRequest[] = [];
  answer: Answer = status(204);
  atOnce = 0;
  atOnceMax = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(tls: { key: string; cert: string }): Promise<WebhookTarget> {
    const holder: { target?: WebhookTarget } = {};
    const server = createServer(tls, (request, response) => holder.target?.take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    holder.target = new WebhookTarget(server, (server.address() as AddressInfo).port);
    return holder.target;
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    this.atOnce += 1;
    this.atOnceMax = Math.max(this.atOnceMax, this.atOnce);
    response.once('close', () => (this.atOnce -= 1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      this.taken.push({ path: request.url ?? '', headers: request.headers, body });
      this.answer(response, request);
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
