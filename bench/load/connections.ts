import { connect, createSecureContext } from 'node:tls';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** Connections one after the other, some at a time: a TLS 1.3 handshake, one GET, and the close. */
export interface ConnectionsLoad {
  readonly port: number;
  /** Each connection is for one of them at random. */
  readonly names: readonly string[];
  /** True: for each of them once, in place of `seconds`. */
  readonly isEachOnce: boolean;
  readonly path: string;
  readonly callers: number;
  readonly seconds: number;
  /** Brings the last ticket of the name, each ticket once. */
  readonly resumes: boolean;
}

export interface Connections extends Work {
  /** Milliseconds from the connect to the last byte of the answer, in ascending order. */
  readonly durations: readonly number[];
  readonly resumed: number;
}

// One for all, since making one costs more than a handshake. The chain is not verified: that is work of the client. The
// post-quantum exchange is not offered: not every peer has it.
const CONTEXT = createSecureContext({ minVersion: 'TLSv1.3', ecdhCurve: 'X25519' });
/** By port and name: callers of one name at once bring one each. */
const tickets = new Map<string, Buffer[]>();
const TICKETS_MAX = 8;

answerQuestions<ConnectionsLoad, Connections>(async (load) => {
  const { names, isEachOnce, callers, seconds } = load;
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  const left = names.values();
  const next = (): string | undefined => {
    if (isEachOnce) return left.next().value;
    return performance.now() < endAt ? names[Math.floor(Math.random() * names.length)] : undefined;
  };
  const durations: number[] = [];
  let resumed = 0;
  const call = async (): Promise<void> => {
    for (let name = next(); name !== undefined; name = next()) {
      const visit = await visitOnce(name, load);
      durations.push(visit.duration);
      if (visit.isResumed) resumed += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  durations.sort((one, other) => one - other);
  const taken = (performance.now() - startedAt) / 1000;
  return { operations: durations.length, seconds: taken, durations, resumed };
});

interface Visit {
  readonly duration: number;
  readonly isResumed: boolean;
}

function visitOnce(name: string, { port, path, resumes }: ConnectionsLoad): Promise<Visit> {
  const place = `${port} ${name}`;
  const kept = tickets.get(place) ?? [];
  tickets.set(place, kept);
  const session = resumes ? kept.pop() : undefined;
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: name,
      secureContext: CONTEXT,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
      ...(session !== undefined && { session }),
    });
    let answer = '';
    if (resumes)
      socket.on('session', (ticket) => {
        if (kept.length < TICKETS_MAX) kept.push(ticket);
      });
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.once('end', () => {
      const duration = performance.now() - startedAt;
      if (!answer.startsWith('HTTP/1.1 200 ')) reject(new Error(`${name} answers: ${answer}`));
      else resolve({ duration, isResumed: socket.isSessionReused() });
      socket.destroy();
    });
    socket.once('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`);
  });
}
