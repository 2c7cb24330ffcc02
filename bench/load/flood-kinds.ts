import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import {
  connect as connectTls,
  createSecureContext,
  type ConnectionOptions,
  type TLSSocket,
} from 'node:tls';

export interface FloodTarget {
  readonly port: number;
  readonly host: string;
  /** The own address of the next connection. */
  readonly address: () => string;
}

export interface Flood {
  readonly perSecond: number;
  /** The most at once. */
  readonly heldMax: number;
  /** Resolves to what opens one more connection or stream. */
  readonly prepare: (target: FloodTarget) => Promise<() => Duplex>;
}

/** One for all: making one costs more than a handshake. */
const CONTEXT = createSecureContext({ minVersion: 'TLSv1.3' });
const TRICKLE_EVERY = 1000;
const STREAMS_OF_CONNECTION = 32;
const BODY = Buffer.from(`secret=${'x'.repeat(800_000)}`);
/** A label that is written over in the ClientHello, so that each has a name of its own. */
const LABEL = 'name00000000';

const HELD = { perSecond: 200, heldMax: 1000 } as const;
const PASSING = { perSecond: 450, heldMax: 450 } as const;

export const FLOODS = {
  'idle sockets': {
    ...HELD,
    prepare: async (target) => () => connectPlain(target),
  },
  'half handshakes': {
    ...HELD,
    prepare: async (target) => {
      const hello = await captureClientHello(target.host);
      return () => write(connectPlain(target), hello).resume();
    },
  },
  ClientHellos: {
    ...PASSING,
    prepare: async (target) => {
      const hello = await captureClientHello(target.host);
      return () => leaveAtFirstByte(write(connectPlain(target), hello));
    },
  },
  'header trickle': {
    ...HELD,
    prepare: async (target) => () =>
      trickle(target, `GET / HTTP/1.1\r\nhost: ${target.host}\r\nx: `),
  },
  'body trickle': {
    ...HELD,
    prepare: async (target) => () =>
      trickle(
        target,
        `POST /api/v1/share HTTP/1.1\r\nhost: ${target.host}\r\ncontent-length: 10000\r\n\r\nsecret=`,
      ),
  },
  'unknown names': {
    ...PASSING,
    prepare: async (target) => {
      const hello = await captureClientHello(`${LABEL}.example.com`);
      const labelAt = hello.indexOf(LABEL);
      let count = 0;
      return () => {
        const named = Buffer.from(hello);
        named.write(`name${String((count += 1)).padStart(8, '0')}`, labelAt);
        return leaveAtFirstByte(write(connectPlain(target), named));
      };
    },
  },
  'h2 streams': { perSecond: 200, heldMax: 1000, prepare: openStreams },
} as const satisfies Record<string, Flood>;

export type FloodName = keyof typeof FLOODS;

/** The ClientHello that Node sends, captured without a network. */
function captureClientHello(servername: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer) => {
        resolve(chunk);
        wire.destroy();
      },
    });
    const client = connectTls({ servername, ALPNProtocols: ['h2'], socket: wire });
    client.on('error', () => undefined);
    wire.once('close', () => client.destroy());
  });
}

function write(socket: Socket, bytes: Buffer): Socket {
  socket.write(bytes);
  return socket;
}

function leaveAtFirstByte(socket: Socket): Socket {
  return socket.once('data', () => socket.destroy());
}

function connectPlain({ port, address }: FloodTarget): Socket {
  return connect({ host: '127.0.0.1', port, localAddress: address() });
}

export function connectSecure(
  { port, host, address }: FloodTarget,
  protocol: 'h2' | 'http/1.1',
): TLSSocket {
  const options: ConnectionOptions & { readonly localAddress: string } = {
    host: '127.0.0.1',
    port,
    localAddress: address(),
    servername: host,
    secureContext: CONTEXT,
    ALPNProtocols: [protocol],
    rejectUnauthorized: false,
  };
  return connectTls(options);
}

/** A whole handshake and the begin of a request, then a byte a second. */
function trickle(target: FloodTarget, begin: string): Socket {
  const socket = connectSecure(target, 'http/1.1');
  socket.write(begin);
  const timer = setInterval(() => socket.write('x'), TRICKLE_EVERY);
  return socket.once('close', () => clearInterval(timer)).resume();
}

/** Streams with large bodies that lack their last byte, as many on a connection as the gateway allows. */
async function openStreams(target: FloodTarget): Promise<() => Duplex> {
  const { port, host } = target;
  const sessions = new Map<ClientHttp2Session, number>();
  const add = (session: ClientHttp2Session, count: number): void => {
    const streams = (sessions.get(session) ?? 0) + count;
    if (streams === 0) session.destroy();
    sessions.set(session, streams);
  };
  const newSession = (): ClientHttp2Session => {
    const session = connectHttp2(`https://${host}:${port}`, {
      createConnection: () => connectSecure(target, 'h2'),
    });
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
    return session;
  };
  return () => {
    const usable = [...sessions].find(
      ([session, count]) => !session.closed && count < STREAMS_OF_CONNECTION,
    );
    const session = usable?.[0] ?? newSession();
    add(session, 1);
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': '/api/v1/share',
        ':authority': `${host}:${port}`,
        'content-length': BODY.length + 1,
      },
      { endStream: false },
    );
    stream.write(BODY);
    // Refused: what the server does not read is not sent.
    stream.once('response', () => stream.close());
    stream.once('close', () => add(session, -1));
    return stream;
  };
}
