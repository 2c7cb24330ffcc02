import { request } from 'node:https';
import { connect } from 'node:tls';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** One full TLS 1.3 handshake for each name, with a request if a path is given. */
export interface NamesLoad {
  readonly port: number;
  readonly names: readonly string[];
  /** The number of connections at a time. */
  readonly connections: number;
  /** Null: handshakes without a request. */
  readonly path: string | null;
  /** PEM of the root that the chain is verified with; null skips the verification to save CPU time on the load's core. */
  readonly root: string | null;
}

export interface NamesWork extends Work {
  /** Milliseconds from the connection's begin to its end, of 99 in 100. */
  readonly p99: number;
}

answerQuestions<NamesLoad, NamesWork>(async ({ names, connections, ...asked }) => {
  const startedAt = performance.now();
  const left = names.values();
  const durations: number[] = [];
  const visitSome = async (): Promise<void> => {
    for (const name of left) {
      const begunAt = performance.now();
      if (asked.path === null) await shakeHands(name, asked);
      else await get(name, asked.path, asked);
      durations.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, visitSome));
  const seconds = (performance.now() - startedAt) / 1000;
  const p99 = durations.toSorted((a, b) => a - b)[Math.floor(durations.length * 0.99)] ?? NaN;
  return { operations: names.length, seconds, p99 };
});

type Peer = Pick<NamesLoad, 'port' | 'root'>;

function optionsFor(servername: string, { port, root }: Peer) {
  return {
    host: '127.0.0.1',
    port,
    servername,
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.3',
    ...(root === null ? { rejectUnauthorized: false } : { ca: root }),
  } as const;
}

/** The server's first ticket shows that it received the client's last message. */
function shakeHands(name: string, peer: Peer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(optionsFor(name, peer));
    socket.once('session', () => socket.end());
    socket.once('close', resolve);
    socket.once('error', reject);
    socket.resume();
  });
}

function get(name: string, path: string, peer: Peer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { host: `${name}:${peer.port}`, connection: 'close' };
    const outgoing = request(
      { ...optionsFor(name, peer), path, headers, agent: false },
      (answer) => {
        answer.resume().once('error', reject);
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve();
          else reject(new Error(`${name}${path} answers ${answer.statusCode}`));
        });
      },
    );
    outgoing.once('error', reject).end();
  });
}
