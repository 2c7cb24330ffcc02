import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { startTracing } from '../../../src/gateway/start-tracing.js';
import { createLogger } from '../../../src/shared/logger.js';
import { startSpan } from '../../../src/shared/tracing.js';
import { until } from '../../support/until.js';

describe(startTracing.name, () => {
  const logged: string[] = [];
  const logger = createLogger({ destination: { write: (text: string) => logged.push(text) } });
  const lines = (): string[] =>
    logged.map((text) => (JSON.parse(text) as { readonly msg: string }).msg);

  it('ends soon when the receiver does not answer', async () => {
    const sockets: Socket[] = [];
    const receiver = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const end = await startTracing({ endpoint, share: 1 }, logger);
    startSpan('a request', { kind: 'server', facts: {} })?.end();
    const before = performance.now();
    await end();
    expect(performance.now() - before).toBeLessThan(6000);
    for (const socket of sockets) socket.destroy();
    receiver.close();
    expect(sockets).not.toEqual([]);
  });

  it('says that the receiver does not take what is sent, and when it does again', async () => {
    let isTaken = false;
    const receiver = createHttpServer((request, response) => {
      request.resume();
      response.writeHead(isTaken ? 200 : 400).end(isTaken ? '{}' : '');
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const end = await startTracing({ endpoint, share: 1 }, logger);
    const send = async (): Promise<void> => {
      const answered = once(receiver, 'request') as Promise<[unknown, ServerResponse]>;
      startSpan('a request', { kind: 'server', facts: {} })?.end();
      const [, response] = await answered;
      if (!response.writableFinished) await once(response, 'finish');
    };
    logged.length = 0;
    await send();
    await until('the line', () => lines().length > 0);
    isTaken = true;
    await send();
    await until('the end of it', () => lines().length > 1);
    await end();
    receiver.close();
    expect(lines()).toEqual(['traces are not received and are lost', 'traces are received again']);
  });
});
