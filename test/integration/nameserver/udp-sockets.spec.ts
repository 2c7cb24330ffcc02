import { createSocket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { UdpSockets } from '../../../src/gateway/nameserver/udp-sockets.js';
import { freePorts } from '../../../demo/free-ports.js';
import { until } from '../../support/until.js';
import { ANY_PORT } from '../gateway/tls-test-listener.js';

describe('the sockets of the name server', () => {
  it('send nothing more once they are being closed', async () => {
    const answer = Promise.withResolvers<Buffer>();
    let asked = 0;
    const answerDatagram = (): Promise<Buffer> => {
      asked += 1;
      return answer.promise;
    };
    const [port = 0] = await freePorts(1);
    const sockets = await UdpSockets.open(
      { ...ANY_PORT, port },
      { isShared: false },
      { nameserver: { answerDatagram }, journal: { dropped: () => undefined } },
    );
    const client = createSocket('udp4');
    client.send('question', port, '127.0.0.1');
    await until('the question has arrived', () => asked === 1);
    const closing = sockets.close();
    // A send on a closed socket would throw where nobody catches it.
    answer.resolve(Buffer.from('answer'));
    await closing;
    await setImmediate();
    client.close();
  });
});
