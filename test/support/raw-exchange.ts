import type { Socket } from 'node:net';
import type { Target } from './https-client.js';
import { handshake, plainConnection } from './tls-client.js';

/** A parsed HTTP/1.1 answer. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; a repeated header's values are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A TLS connection for HTTP/1.1 that the test writes itself. */
export function secureConnection(target: Target, servername = target.host): Promise<Socket> {
  const options = { servername, ca: target.ca, ALPNProtocols: ['http/1.1'] };
  return handshake(target.port, { ...options, host: target.address ?? '127.0.0.1' });
}

/** Sends text unchanged over a new TLS connection and reads one answer. */
export async function rawExchange(
  target: Target,
  text: string | Buffer,
  servername?: string,
): Promise<RawAnswer> {
  const socket = await secureConnection(target, servername);
  const answer = readRawAnswer(socket);
  socket.write(text);
  return answer.finally(() => socket.destroy());
}

/** The same over plain TCP. */
export async function plainExchange(port: number, text: string): Promise<RawAnswer> {
  const socket = await plainConnection(port);
  const answer = readRawAnswer(socket);
  socket.write(text);
  return answer.finally(() => socket.destroy());
}

/** Reads one answer; without Content-Length it has no body. Rejects when the connection closes before the end of the answer. */
export function readRawAnswer(socket: Socket): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      // Latin-1 keeps one character for each byte, so that Content-Length can be compared.
      text += chunk.toString('latin1');
      const answer = parse(text);
      if (answer !== null) finish(() => resolve(answer));
    };
    const onClose = (): void =>
      finish(() => reject(new Error(`closed after ${JSON.stringify(text)}`)));
    const finish = (settle: () => void): void => {
      socket.off('data', onData).off('close', onClose);
      settle();
    };
    socket.on('data', onData).on('close', onClose);
  });
}

function parse(text: string): RawAnswer | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  const body = text.slice(end + 4);
  const length = Number(headers['content-length'] ?? 0);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
  return body.length < length ? null : { status, headers, body: body.slice(0, length) };
}
