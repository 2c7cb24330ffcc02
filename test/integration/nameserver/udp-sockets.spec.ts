import { createSocket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { UdpSockets } from '../../../src/gateway/nameserver/udp-sockets.js';
import { freePorts } from '../../../demo/free-ports.js';
import { until } from '../../support/until.js';
import { ANY_PORT } from '../gateway/tls-test-listener.js';

const at = (address: string) => [{ address }] as never;
const NO_PARTS = {
  nameserver: { answerDatagram: () => Promise.resolve(null) },
  journal: { dropped: () => undefined },
};

describe('the sockets of the name server', () => {
  it('open without an address that the machine does not have yet, where the list does not name it', async () => {
    const open = async (addresses: string[], interfaces: Record<string, never>) => {
      const listener = { ...ANY_PORT, addresses, port: 0 };
      const sockets = await UdpSockets.open(listener, { isShared: false, interfaces }, NO_PARTS);
      await sockets.close();
    };
    const interfaces = { lo: at('127.0.0.1'), eth0: at('192.0.2.1') };
    await open(['0.0.0.0'], interfaces);
    await expect(open(['192.0.2.1'], interfaces)).rejects.toThrow(
      'GATEWAY_BIND: 192.0.2.1 is not an address of this machine',
    );
    await expect(open(['0.0.0.0'], { eth0: at('192.0.2.1') })).rejects.toThrow(
      'GATEWAY_BIND: no address of this machine can be bound',
    );
  });

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
