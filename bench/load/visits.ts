import { request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions } from '../worker.js';

/** A visitor who comes again and again: each time a connection, a full handshake and one GET. */
export interface VisitsLoad {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  /** The visitor's own address, which is not that of other load. */
  readonly address: string;
  readonly seconds: number;
}

export interface Visits {
  /** Milliseconds from the connection to the whole answer, of each visit that was answered 200. */
  readonly durations: readonly number[];
  readonly failed: number;
}

const PAUSE = 25;
const PATIENCE = 10_000;

answerQuestions<VisitsLoad, Visits>(async (load) => {
  const endAt = performance.now() + load.seconds * 1000;
  const durations: number[] = [];
  let failed = 0;
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    if (await visit(load)) durations.push(performance.now() - startedAt);
    else failed += 1;
    await delay(PAUSE);
  }
  return { durations, failed };
});

function visit({ port, host, path, address }: VisitsLoad): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        servername: host,
        localAddress: address,
        headers: { host: `${host}:${port}` },
        agent: false,
        rejectUnauthorized: false,
        timeout: PATIENCE,
      },
      (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode === 200));
        answer.once('error', () => resolve(false));
      },
    );
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.once('error', () => resolve(false)).end();
  });
}
