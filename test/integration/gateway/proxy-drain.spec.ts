import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Registry } from 'prom-client';
import { EdgeJournal } from '../../../src/gateway/edge-journal.js';
import { listenHttp, type HttpListening } from '../../../src/gateway/listen.js';
import { createPlainListener } from '../../../src/gateway/plain-listener.js';
import type { RequestDispatcher } from '../../../src/gateway/request-dispatcher.js';
import { createLogger } from '../../../src/shared/logger.js';
import { readToEnd } from '../../support/tls-client.js';
import { until } from '../../support/until.js';
import {
  ANY_PORT,
  EU,
  openTestListener,
  testAdmission,
  type TestListener,
} from './tls-test-listener.js';

const HEADER = 'PROXY TCP4 203.0.113.9 192.0.2.1 54321 443\r\n';
/** Of a connection that was given up for its time, not for the drain. */
const LATE = 'late';

async function balanced(port: number, sent: string): Promise<Socket> {
  const socket = connectPlain({ host: '127.0.0.1', port, localAddress: '127.0.8.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(sent);
  return socket;
}

const refusalsIn = (metrics: string): string[] =>
  metrics.split('\n').filter((line) => /^gateway_refused_.* [1-9]/.test(line));

describe('a plain HTTP listener behind a balancer: draining', () => {
  let listening: HttpListening;
  let registry: Registry;
  let arrived: Socket[];
  /** The requests, not answered yet. */
  let held: { end(text: string): unknown }[];
  beforeEach(async () => {
    [arrived, held] = [[], []];
    registry = new Registry();
    const logger = createLogger({ destination: { write: () => undefined } });
    const journal = new EdgeJournal(logger, registry);
    const dispatcher: Partial<RequestDispatcher> = {
      handlePlain: (_, response) => {
        held.push(response);
        return null;
      },
      handleClientError: (_, socket) => void socket.end(LATE),
    };
    const server = createPlainListener(dispatcher as RequestDispatcher, {
      journal,
      admission: testAdmission(journal),
    });
    server.on('connection', (socket) => arrived.push(socket));
    listening = await listenHttp(server, ANY_PORT);
  });
  afterEach(async () => {
    const closed = listening.close();
    for (const socket of arrived) socket.destroy();
    await closed;
  });

  it.each([
    ['a header and nothing else', HEADER],
    ['a part of a header', HEADER.slice(0, 12)],
    ['nothing', ''],
  ])('closes a connection at once that has sent %s', async (_, sent) => {
    const gone = readToEnd(await balanced(listening.port, sent));
    await until('its bytes', () => arrived[0]?.bytesRead === sent.length);
    await listening.close();
    expect((await gone).toString()).toBe('');
    expect(refusalsIn(await registry.metrics())).toEqual([]);
  });

  it('lets a request in flight finish', async () => {
    const socket = await balanced(listening.port, `${HEADER}GET / HTTP/1.1\r\nHost: ${EU}\r\n\r\n`);
    await until('the request', () => held.length === 1);
    const closed = listening.close();
    const answer = readToEnd(socket);
    held[0]?.end('at last');
    await closed;
    expect((await answer).toString()).toContain('at last');
  });
});

describe('a TLS listener behind a balancer: draining', () => {
  let gateway: TestListener;
  let arrived: Socket[];
  beforeEach(async () => {
    gateway = await openTestListener();
    arrived = [];
    gateway.listener.server.on('connection', (socket) => arrived.push(socket));
  });
  afterEach(() => gateway.stop());

  it.each([
    ['a header and nothing else', HEADER],
    ['a part of a header', HEADER.slice(0, 12)],
    ['nothing', ''],
  ])('closes a connection at once that has sent %s', async (_, sent) => {
    const gone = readToEnd(await balanced(gateway.port, sent));
    await until('its bytes', () => arrived[0]?.bytesRead === sent.length);
    await gateway.listener.drain();
    await gone;
    expect(refusalsIn(await gateway.metrics())).toEqual([]);
  });

  it('closes a connection at once that has shaken hands and asked for nothing', async () => {
    const socket = await balanced(gateway.port, HEADER);
    const tls = connectTls({ socket, servername: EU, ca: gateway.ca, ALPNProtocols: ['http/1.1'] });
    await once(tls, 'secureConnect');
    const gone = readToEnd(tls);
    await gateway.listener.drain();
    await gone;
  });
});
