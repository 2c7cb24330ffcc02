import { request, type Agent, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parses the body as JSON; throws when it is not JSON. */
  json<T = Record<string, unknown>>(): T;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer | Readonly<Record<string, string | number>>;
  /** `login:token` */
  readonly auth?: string;
  /** The SNI. Default: the target's host. */
  readonly servername?: string;
  readonly agent?: Agent;
  /** The client's own address; any of 127.0.0.0/8. */
  readonly localAddress?: string;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  /** Default: 127.0.0.1 */
  readonly address?: string;
}

/** One HTTPS request with `target.host` as SNI and Host. An object as body is sent urlencoded. */
export function call(target: Target, { body, auth, headers, ...rest }: Call): Promise<Answer> {
  const isForm = typeof body === 'object' && !Buffer.isBuffer(body);
  const payload = isForm ? new URLSearchParams(body as Record<string, string>).toString() : body;
  const options: RequestOptions = {
    host: target.address ?? '127.0.0.1',
    port: target.port,
    ca: target.ca,
    servername: rest.servername ?? target.host,
    method: rest.method ?? (body === undefined ? 'GET' : 'POST'),
    path: rest.path,
    headers: {
      host: `${target.host}:${target.port}`,
      ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
      ...headers,
    },
    ...(auth === undefined ? {} : { auth }),
    agent: rest.agent ?? false,
    ...(rest.localAddress === undefined ? {} : { localAddress: rest.localAddress }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: <T>() => JSON.parse(text) as T,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}
