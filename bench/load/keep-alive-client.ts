import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/**
 * A minimal HTTP/1.1 client: one connection, one request at a time. A complete client would use as much CPU as the
 * measured server, on a core that the database needs too.
 */
export class KeepAliveClient {
  #received = '';
  /** Of the answer that is being received; NaN until its head is there. */
  #answerLength = NaN;
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | null = null;

  private constructor(
    private readonly socket: TLSSocket,
    private readonly host: string,
    private readonly headers: string,
  ) {
    socket.setEncoding('latin1').on('data', (text: string) => this.#receive(text));
    socket.on('error', (error: Error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  /** @param authorization the header's value; null: none */
  static async connect(
    port: number,
    host: string,
    authorization: string | null = null,
  ): Promise<KeepAliveClient> {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: host,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    socket.setNoDelay();
    const headers = authorization === null ? '' : `authorization: ${authorization}\r\n`;
    return new KeepAliveClient(socket, `${host}:${port}`, headers);
  }

  /** Resolves to the body of a 200 answer, rejects for any other. */
  post(path: string, form: string): Promise<string> {
    return this.#send(
      `POST ${path} HTTP/1.1\r\nhost: ${this.host}\r\n${this.headers}` +
        'content-type: application/x-www-form-urlencoded\r\n' +
        `content-length: ${form.length}\r\n\r\n${form}`,
    );
  }

  /** As post(). */
  get(path: string): Promise<string> {
    return this.#send(`GET ${path} HTTP/1.1\r\nhost: ${this.host}\r\n${this.headers}\r\n`);
  }

  #send(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.#waiting = null;
    this.socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    // Long answers come in many parts, of which each is looked at once.
    if (Number.isNaN(this.#answerLength)) this.#answerLength = answerLengthOf(this.#received);
    if (!isWhole(this.#received, this.#answerLength)) return;
    const headEnd = this.#received.indexOf(HEAD_END);
    const [head, body] = [this.#received.slice(0, headEnd + 2), this.#received.slice(headEnd + 4)];
    const waiting = this.#waiting;
    [this.#received, this.#answerLength, this.#waiting] = ['', NaN, null];
    if (head.startsWith('HTTP/1.1 200 ')) waiting?.resolve(body);
    else waiting?.reject(new Error(`unexpected answer: ${head}${body}`));
  }
}

function answerLengthOf(text: string): number {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd === -1) return NaN;
  const bodyLength = CONTENT_LENGTH.exec(text.slice(0, headEnd + 2))?.[1];
  // Without a length it is sent in chunks.
  return headEnd + HEAD_END.length + Number(bodyLength ?? 0);
}

function isWhole(text: string, answerLength: number): boolean {
  return text.length === answerLength || text.endsWith(LAST_CHUNK);
}
