import { createSocket, type Socket } from 'node:dgram';
import { createServer, type AddressInfo, type Server, type Socket as TcpSocket } from 'node:net';
import packet, { type Answer, type DecodedPacket } from 'dns-packet';
import { decodeMessage } from './dns-message.js';
import { firstMessage, withLength } from './dns-transport.js';

export interface IncomingQuestion {
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
  readonly checkingDisabled: boolean;
}

export interface DnsResponse {
  readonly rcode: keyof typeof RCODES;
  readonly answers: readonly Answer[];
  /** Tells the client to ask again over TCP. The server sets it for what does not fit into a datagram. */
  readonly isTruncated?: boolean;
  /** False for an authoritative server, which follows no alias out of its zone. */
  readonly isRecursive?: boolean;
}

/** Null: no response. */
export type DnsResponder = (
  question: IncomingQuestion,
) => DnsResponse | null | Promise<DnsResponse | null>;

export interface RunningDnsServer {
  /** `127.0.0.1:5353` */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

export type DnsTransport = 'udp' | 'tcp';

export interface DnsServerOptions {
  readonly host?: string;
  readonly port?: number;
  /** Told of each error that a query ran into. The client gets SERVFAIL where that is possible. */
  readonly onFailure?: (transport: DnsTransport, error: unknown) => void;
}

const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const DATAGRAM_BYTES_MAX = 512;
const STREAM_BYTES_MAX = 65_537;
const IDLE_MS = 5000;
const BIND_TRIES = 5;

/**
 * A DNS server for development and tests, UDP and TCP on one port. Port 0 picks a free one.
 * @throws Error if the port is taken
 */
export async function startDnsServer(
  respond: DnsResponder,
  { host = '127.0.0.1', port = 0, onFailure = () => {} }: DnsServerOptions = {},
): Promise<RunningDnsServer> {
  const answerer: Answerer = async (transport, bytes, send) => {
    const query = decodeMessage(bytes);
    try {
      const answer = query === null ? null : await answerTo(query, transport, respond);
      if (answer !== null) send(answer);
    } catch (error) {
      onFailure(transport, error);
      if (query !== null) sendFailure(query, send);
    }
  };
  for (let tried = 1; ; tried += 1) {
    const connections = new Set<TcpSocket>();
    const tcp = await listenTcp(answerer, connections, { host, port });
    const bound = (tcp.address() as AddressInfo).port;
    try {
      const udp = await bindUdp(answerer, { host, port: bound });
      return {
        address: `${host}:${bound}`,
        port: bound,
        close: () => closeBoth(tcp, udp, connections),
      };
    } catch (error) {
      tcp.close();
      // A port that is free for TCP may be taken for UDP.
      if (port !== 0 || tried === BIND_TRIES) throw error;
    }
  }
}

/** Answers one message; never rejects, because an error that leaves a socket's listener ends the process. */
type Answerer = (
  transport: DnsTransport,
  bytes: Buffer,
  send: (reply: Buffer) => void,
) => Promise<void>;

/** With the id alone: the rest of the query may be what cannot be encoded. */
function sendFailure(query: DecodedPacket, send: (reply: Buffer) => void): void {
  try {
    send(encode({ ...query, questions: [] }, { rcode: 'SERVFAIL', answers: [] }));
  } catch {
    // The client cannot be reached, as with port 0. The first error was reported.
  }
}

interface Binding {
  readonly host: string;
  readonly port: number;
}

function bindUdp(answer: Answerer, { host, port }: Binding): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, peer) => {
    void answer('udp', bytes, (reply) => socket.send(reply, peer.port, peer.address));
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, () => {
      // A response to a client that closed its socket returns as an error; the server ignores it.
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
  });
}

function listenTcp(
  answer: Answerer,
  connections: Set<TcpSocket>,
  { host, port }: Binding,
): Promise<Server> {
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > STREAM_BYTES_MAX) {
        socket.destroy();
        return;
      }
      for (let next = firstMessage(received); next !== null; next = firstMessage(received)) {
        received = received.subarray(next.length + 2);
        void answer('tcp', next, (reply) => socket.write(withLength(reply)));
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function closeBoth(tcp: Server, udp: Socket, connections: Set<TcpSocket>): Promise<void> {
  for (const connection of connections) connection.destroy();
  await Promise.all([
    new Promise((resolve) => tcp.close(resolve)),
    new Promise<void>((resolve) => udp.close(resolve)),
  ]);
}

async function answerTo(
  query: DecodedPacket,
  transport: DnsTransport,
  respond: DnsResponder,
): Promise<Buffer | null> {
  const question = query.questions?.[0];
  if (query.flag_qr || question === undefined) return null;
  const response = await respond({
    name: question.name.toLowerCase(),
    type: question.type,
    transport,
    checkingDisabled: query.flag_cd,
  });
  if (response === null) return null;
  const full = encode(query, response);
  const isTooLong = transport === 'udp' && full.length > DATAGRAM_BYTES_MAX;
  return isTooLong ? encode(query, { ...response, answers: [], isTruncated: true }) : full;
}

function encode(query: DecodedPacket, response: DnsResponse): Buffer {
  const { rcode, answers, isTruncated = false, isRecursive = true } = response;
  return packet.encode({
    type: 'response',
    id: query.id ?? 0,
    flags:
      RCODES[rcode] |
      packet.RECURSION_DESIRED |
      (isRecursive ? packet.RECURSION_AVAILABLE : packet.AUTHORITATIVE_ANSWER) |
      (isTruncated ? packet.TRUNCATED_RESPONSE : 0),
    questions: query.questions ?? [],
    answers: [...answers],
  });
}
