import { connect as connectPlain, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** The ClientHello that Node and OpenSSL send. It is captured in memory, without a network. */
export function captureClientHello(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        resolve(chunk);
        done();
      },
    });
    const client = connectTls({ ...options, socket: wire });
    client.on('error', () => undefined);
    wire.on('close', () => client.destroy());
  });
}

/** Connects to 127.0.0.1, unless the options name another host. Resolves after the handshake and rejects when it fails. */
export function handshake(
  port: number,
  options: ConnectionOptions & { readonly localAddress?: string },
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', ...options, port }, () => resolve(socket));
    // A failed handshake may have a second error, of the write that it has broken off.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('closed without an alert')));
  });
}

/** A TCP connection to 127.0.0.1. Its errors are ignored. */
export function plainConnection(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host: '127.0.0.1', port }, () => resolve(socket));
    socket.on('error', () => undefined);
  });
}

/** All bytes until the connection closes. */
export function readToEnd(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(Buffer.concat(chunks)));
  });
}
