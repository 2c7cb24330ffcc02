import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/**
 * A minimal HTTP/1.1 client: one connection, one request at a time. A complete client would use as much CPU as the
 * measured server, on a core that the database needs too.
 */
export class KeepAliveClient {
  #received = '';
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void } | null = null;

  private constructor(
    private readonly socket: TLSSocket,
    private readonly host: string,
  ) {
    socket.setEncoding('latin1').on('data', (text: string) => this.#receive(text));
    socket.on('error', (error: Error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  static async connect(port: number, host: string): Promise<KeepAliveClient> {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: host,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    socket.setNoDelay();
    return new KeepAliveClient(socket, `${host}:${port}`);
  }

  /** Resolves to the body of a 200 answer, rejects for any other. */
  post(path: string, form: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${this.host}\r\n` +
          'content-type: application/x-www-form-urlencoded\r\n' +
          `content-length: ${form.length}\r\n\r\n${form}`,
      );
    });
  }

  close(): void {
    this.#waiting = null;
    this.socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd + 2);
    const bodyLength = Number(CONTENT_LENGTH.exec(head)?.[1]);
    const body = this.#received.slice(headEnd + HEAD_END.length);
    if (body.length < bodyLength) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    if (head.startsWith('HTTP/1.1 200 ')) waiting?.resolve(body);
    else waiting?.reject(new Error(`unexpected answer: ${head}${body}`));
  }
}
