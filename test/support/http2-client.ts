import { once } from 'node:events';
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Target } from './https-client.js';

interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** One HTTP/2 connection to 127.0.0.1 with `target.host` as SNI. Each request may have another `:authority`. */
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
    const { answer, stream } = this.open(headers);
    stream.end(body);
    return answer;
  }

  /** Opens a request; the caller writes and ends the body. */
  open(headers: OutgoingHttpHeaders): { answer: Promise<Http2Answer>; stream: ClientHttp2Stream } {
    const stream = this.session.request(headers, { endStream: false });
    const answer = new Promise<Http2Answer>((resolve, reject) => {
      let received: Http2Answer['headers'] = {};
      let text = '';
      stream.on('response', (fields) => (received = fields));
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      stream.on('error', reject);
      stream.once('close', () =>
        resolve({ status: Number(received[':status']), headers: received, text }),
      );
    });
    return { answer, stream };
  }

  close(): void {
    this.session.destroy();
  }
}
