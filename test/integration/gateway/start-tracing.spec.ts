import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { startTracing } from '../../../src/gateway/start-tracing.js';
import { startSpan } from '../../../src/shared/tracing.js';

describe(startTracing.name, () => {
  it('ends soon when the receiver does not answer', async () => {
    const sockets: Socket[] = [];
    const receiver = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const end = await startTracing({ endpoint: `http://127.0.0.1:${port}`, share: 1 });
    startSpan('a request', { kind: 'server', facts: {} })?.end();
    const before = performance.now();
    await end();
    expect(performance.now() - before).toBeLessThan(6000);
    for (const socket of sockets) socket.destroy();
    receiver.close();
    expect(sockets).not.toEqual([]);
  });
});
