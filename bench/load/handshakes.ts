import { connect } from 'node:tls';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** Full TLS 1.3 handshakes without requests, some connections at a time. */
export interface HandshakesLoad {
  readonly port: number;
  readonly host: string;
  readonly connections: number;
  readonly seconds: number;
}

answerQuestions<HandshakesLoad, Work>(async ({ port, host, connections, seconds }) => {
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let operations = 0;
  const shakeHands = async (): Promise<void> => {
    while (performance.now() < endAt) {
      await handshake(port, host);
      operations += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, shakeHands));
  return { operations, seconds: (performance.now() - startedAt) / 1000 };
});

/**
 * Offers no session, so each handshake is a full one. The server's first ticket shows that it received the client's last
 * message, so the handshake is complete on both sides. The chain is not verified, because that is work of the client.
 */
function handshake(port: number, servername: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.3',
      rejectUnauthorized: false,
    });
    socket.once('session', () => socket.end());
    socket.once('close', resolve);
    socket.once('error', reject);
    socket.resume();
  });
}
