import { once } from 'node:events';
import { request as secureRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { Http2Client } from './http2-client.js';
import type { Target } from './https-client.js';
import { until } from './until.js';

/** One server-sent event. */
export interface ServerEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface StreamRequest {
  readonly path: string;
  /** `login:token` */
  readonly auth?: string;
  /** Of a browser that is signed in. */
  readonly cookie?: string;
}

/** An open stream of server-sent events, or the refusal of one. */
export class EventStream {
  readonly events: ServerEvent[] = [];
  hasEnded = false;
  #text = '';

  constructor(
    readonly status: number,
    readonly headers: Readonly<Record<string, unknown>>,
    body: Readable,
    /** As a browser that closes its tab. */
    readonly leave: () => void,
  ) {
    body.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    body.once('close', () => (this.hasEnded = true));
    body.on('error', () => undefined);
  }

  /** The newest event that fits. */
  until(what: string, fits: (event: ServerEvent) => boolean): Promise<ServerEvent> {
    return until(what, () => this.events.findLast(fits));
  }

  #read(chunk: string): void {
    this.#text += chunk;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, name = '', data = ''] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
      if (name !== '') this.events.push({ name, data: JSON.parse(data) as ServerEvent['data'] });
    }
  }
}

export type OpenStream = (target: Target, request: StreamRequest) => Promise<EventStream>;

const ACCEPT = { accept: 'text/event-stream' };

export const overHttp1: OpenStream = async (target, { path, auth, cookie }) => {
  const { host, port, ca } = target;
  const outgoing = secureRequest({
    host: '127.0.0.1',
    servername: host,
    port,
    ca,
    path,
    headers: { ...ACCEPT, ...cookieOf(cookie), host: `${host}:${port}` },
    agent: false,
    ...(auth === undefined ? {} : { auth }),
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [
    Readable & { statusCode: number; headers: Record<string, unknown> },
  ];
  outgoing.on('error', () => undefined);
  return new EventStream(response.statusCode, response.headers, response, () => outgoing.destroy());
};

export const overHttp2: OpenStream = async (target, { path, auth, cookie }) => {
  const client = await Http2Client.connect(target);
  const basic =
    auth === undefined ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
  const authority = `${target.host}:${target.port}`;
  const { stream } = client.open({
    ':path': path,
    ':authority': authority,
    ...ACCEPT,
    ...basic,
    ...cookieOf(cookie),
  });
  stream.end();
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  stream.once('close', () => client.close());
  return new EventStream(Number(headers[':status']), headers, stream, () => client.close());
};

function cookieOf(cookie: string | undefined): Readonly<Record<string, string>> {
  return cookie === undefined ? {} : { cookie };
}
