import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeMessage, encodeQuery } from '../../src/dns/dns-message.js';
import { firstMessage, withLength } from '../../src/dns/dns-transport.js';
import { randomBase36 } from '../../src/shared/base36.js';
import { answerQuestions } from '../worker.js';

/** A CA's resolver: a question now and then, each asked three times by datagram, and by TCP when that is wanted. */
export interface AuthorityLoad {
  readonly port: number;
  readonly zone: string;
  readonly address: string;
  readonly seconds: number;
}

export interface Authority {
  /** Milliseconds to the answer. */
  readonly durations: readonly number[];
  readonly failed: number;
  readonly byTcp: number;
}

const PAUSE = 100;
const TRIES = 3;
const PATIENCE = 1000;
const TRUNCATED = 0x02;

answerQuestions<AuthorityLoad, Authority>(async (load) => {
  const endAt = performance.now() + load.seconds * 1000;
  const durations: number[] = [];
  let [failed, byTcp] = [0, 0];
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    const name = `${randomBase36(16)}.${load.zone}`;
    const { bytes } = encodeQuery({ name, type: 'TXT', checkingDisabled: false });
    const how = await ask(bytes, load);
    if (how === null) failed += 1;
    else durations.push(performance.now() - startedAt);
    if (how === 'tcp') byTcp += 1;
    await delay(PAUSE);
  }
  return { durations, failed, byTcp };
});

async function ask(query: Buffer, load: AuthorityLoad): Promise<'udp' | 'tcp' | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const answer = await byDatagram(query, load);
    if (answer === null) continue;
    const isTruncated = ((answer[2] ?? 0) & TRUNCATED) !== 0;
    if (!isTruncated) return isAnswer(answer) ? 'udp' : null;
    const whole = await byConnection(query, load);
    if (whole !== null && isAnswer(whole)) return 'tcp';
  }
  return null;
}

function isAnswer(bytes: Buffer): boolean {
  return decodeMessage(bytes)?.rcode === 'NOERROR';
}

function byDatagram(query: Buffer, { port, address }: AuthorityLoad): Promise<Buffer | null> {
  const socket = createSocket('udp4');
  return new Promise<Buffer | null>((resolve) => {
    socket.on('error', () => resolve(null));
    socket.once('message', resolve);
    socket.bind(0, address, () => socket.send(query, port, '127.0.0.1'));
    setTimeout(() => resolve(null), PATIENCE);
  }).finally(() => socket.close());
}

function byConnection(query: Buffer, { port, address }: AuthorityLoad): Promise<Buffer | null> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: address });
  return new Promise<Buffer | null>((resolve) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => resolve(null)).on('close', () => resolve(null));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const first = firstMessage(received);
      if (first !== null) resolve(first);
    });
    socket.write(withLength(query));
    setTimeout(() => resolve(null), PATIENCE);
  }).finally(() => socket.destroy());
}
