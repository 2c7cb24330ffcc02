import { once } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import type { Target } from './https-client.js';

export interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** One HTTP/2 connection to 127.0.0.1, made for `target.host`; each request may name another authority. */
export class Http2Client {
  private constructor(private readonly session: ClientHttp2Session) {
    session.on('error', () => undefined);
  }

  static async connect({ host, port, ca }: Target): Promise<Http2Client> {
    const session = connect(`https://${host}:${port}`, {
      ca,
      servername: host,
      lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    await once(session, 'connect');
    return new Http2Client(session);
  }

  get isOpen(): boolean {
    return !this.session.closed && !this.session.destroyed;
  }

  request(headers: OutgoingHttpHeaders, body?: Buffer | string): Promise<Http2Answer> {
    return new Promise((resolve, reject) => {
      const stream = this.session.request(headers);
      let received: Http2Answer['headers'] = {};
      let text = '';
      stream.on('response', (fields) => (received = fields));
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      stream.once('error', reject);
      stream.once('close', () =>
        resolve({ status: Number(received[':status']), headers: received, text }),
      );
      stream.end(body);
    });
  }

  close(): void {
    this.session.destroy();
  }
}
