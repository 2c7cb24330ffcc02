import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { EdgeJournal } from '../../../src/gateway/edge-journal.js';
import { attachHandlers } from '../../../src/gateway/handler-guard.js';
import { createLogger } from '../../../src/shared/logger.js';
import { plainExchange } from '../../support/raw-exchange.js';
import { plainConnection, readToEnd } from '../../support/tls-client.js';

const fault = (): never => {
  throw new Error('a fault of this program');
};

describe('a listener whose handlers throw', () => {
  const lines: string[] = [];
  const registry = new Registry();
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer();
    const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });
    const journal = new EdgeJournal(logger, registry);
    const handlers = {
      request: (request: IncomingMessage, response: ServerResponse) => {
        if (request.url === '/later') return Promise.reject(new Error('a fault of this program'));
        if (request.url === '/half') response.writeHead(200);
        return fault();
      },
      checkExpectation: fault,
      clientError: fault,
    };
    attachHandlers(server, handlers, { name: 'ops', journal });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  const failures = async (event: string): Promise<number> => {
    const pattern = new RegExp(
      `^gateway_handler_failures_total\\{listener="ops",event="${event}"\\} (\\d+)`,
      'm',
    );
    return Number(pattern.exec(await registry.metrics())?.[1] ?? 0);
  };

  it.each([
    ['/', 'request', ''],
    ['/later', 'request', ''],
    ['/', 'checkExpectation', 'Expect: something\r\n'],
  ])('answers %s with 500 when %s fails, logs and counts it', async (target, event, header) => {
    const before = await failures(event);
    const answer = await plainExchange(port, `GET ${target} HTTP/1.1\r\nHost: a\r\n${header}\r\n`);
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({ message: expect.any(String) });
    expect(await failures(event)).toBe(before + 1);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'error',
      listener: 'ops',
      event,
      err: { message: 'a fault of this program' },
    });
  });

  it('closes a connection that it cannot answer any more', async () => {
    for (const [bytes, event] of [
      ['no http at all\r\n\r\n', 'clientError'],
      ['GET /half HTTP/1.1\r\nHost: a\r\n\r\n', 'request'],
    ] as const) {
      const before = await failures(event);
      const socket = await plainConnection(port);
      const end = readToEnd(socket);
      socket.write(bytes);
      await end;
      expect(await failures(event)).toBe(before + 1);
    }
  });

  it.each(['h2c', 'websocket'])(
    'takes no request behind one that asks for %s',
    async (protocol) => {
      const first = `GET /later HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`;
      const { headers } = await plainExchange(port, `${first}GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(headers.connection).toBe('close');
    },
  );

  it('answers CONNECT with 405', async () => {
    const answer = await plainExchange(port, 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(answer.status).toBe(405);
  });
});
