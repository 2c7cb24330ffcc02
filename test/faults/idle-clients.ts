// A process of its own: opens connections to a gateway and leaves them idle. It has its own file descriptors and memory,
// and reports by messages. IdleProcess starts it. It imports nothing of ours, so Node runs it as it is.
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** What a connection has sent before it is idle: nothing, a part of a header, or a request of that protocol, which was answered. */
type Kind = 'silent' | 'part' | 'http1' | 'http2';

interface Ended {
  readonly count: number;
  /** From the last byte that was sent, in seconds. */
  readonly soonest: number;
  readonly latest: number;
}

const AT_ONCE = 40;
const SECOND = 1000;
const PART_OF_A_HEADER = `X-Slow: ${'x'.repeat(8000)}`;
const { PORT, HOST, CA, KINDS, COUNT } = process.env as Record<string, string>;
const options = {
  host: '127.0.0.1',
  port: Number(PORT),
  servername: HOST ?? '',
  ca: readFileSync(CA ?? ''),
};
const kinds = (KINDS ?? '').split(',') as [Kind, ...Kind[]];
const ended = new Map<Kind, Ended>();
let open = 0;
let most = 0;

/** Spread over so many networks that no limit of one counts. */
function addressOf(index: number): string {
  return `127.${1 + (index % 100)}.${1 + (Math.floor(index / 100) % 200)}.9`;
}

function tls(index: number, protocol: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const own: ConnectionOptions & { readonly localAddress: string } = {
      ...options,
      localAddress: addressOf(index),
      ALPNProtocols: [protocol],
    };
    const socket = connect(own);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.on('error', reject);
  });
}

/** Counts the connection from now until it closes. */
function leaveIdle(kind: Kind, connection: TLSSocket | ClientHttp2Session): void {
  const since = performance.now();
  open += 1;
  most = Math.max(most, open);
  connection.once('close', () => {
    open -= 1;
    const seconds = (performance.now() - since) / SECOND;
    const { count = 0, soonest = Infinity, latest = 0 } = ended.get(kind) ?? {};
    ended.set(kind, {
      count: count + 1,
      soonest: Math.min(soonest, seconds),
      latest: Math.max(latest, seconds),
    });
  });
}

async function http1(index: number, kind: Exclude<Kind, 'http2'>): Promise<void> {
  const socket = await tls(index, 'http/1.1');
  if (kind === 'part') socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n${PART_OF_A_HEADER}`);
  if (kind === 'http1') {
    const answered = new Promise<void>((resolve, reject) => {
      socket.once('data', (data) => {
        if (data.toString().startsWith('HTTP/1.1 200 ')) resolve();
        else reject(new Error(data.toString()));
      });
    });
    socket.write(`GET /api/v1/status HTTP/1.1\r\nHost: ${HOST}:${PORT}\r\n\r\n`);
    await answered;
  }
  // An answer that is not read would hide the end.
  socket.resume();
  leaveIdle(kind, socket);
}

async function http2(index: number): Promise<void> {
  const socket = await tls(index, 'h2');
  const session = connectHttp2(`https://${HOST}:${PORT}`, { createConnection: () => socket });
  session.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    const request = session.request({ ':path': '/api/v1/status' });
    request.on('error', reject);
    request.once('response', (headers) => {
      if (headers[':status'] !== 200) reject(new Error(`status ${headers[':status']}`));
    });
    request.once('close', resolve).resume();
  });
  leaveIdle('http2', session);
}

function report(event: 'opened' | 'closed'): void {
  process.send?.({ event, open, most, ended: Object.fromEntries(ended) });
}

let next = 0;
const opening = async (): Promise<void> => {
  for (let index = next++; index < Number(COUNT); index = next++) {
    const kind = kinds[index % kinds.length] ?? kinds[0];
    await (kind === 'http2' ? http2(index) : http1(index, kind));
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, opening));
report('opened');
const watch = setInterval(() => {
  if (open > 0) return;
  clearInterval(watch);
  report('closed');
}, SECOND);
