import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { GatewayProcess } from '../support/gateway-process.js';
import { rawExchange } from '../support/raw-exchange.js';
import { handshake, plainConnection, readToEnd } from '../support/tls-client.js';

const EU = 'eu.onetime.localhost';
const STATUS = `GET /api/v1/status HTTP/1.1\r\nHost: ${EU}\r\nConnection: close\r\n\r\n`;
/** A file limit that is common, and the flood that used it up. */
const LIMITED = ['sh', '-c', `ulimit -n 1024 && exec "$0" dist/src/main.js`, process.execPath];
const FLOOD = 1000;

describe.each(['on', 'off'])('1,000 idle sockets from one host (limits %s)', (limits) => {
  let gateway: GatewayProcess;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    const command = LIMITED as [string, ...string[]];
    gateway = await GatewayProcess.spawn({ command, environment: { GATEWAY_LIMITS: limits } });
    await gateway.ready();
    for (const port of [gateway.ports.https, gateway.ports.http]) {
      for (let count = 0; count < FLOOD; count += 1) {
        const socket = connect({ host: '127.0.0.1', port });
        socket.on('error', () => undefined);
        sockets.push(socket);
      }
    }
    await Promise.all(sockets.map((socket) => once(socket, 'connect').catch(() => null)));
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.stop();
  });

  it('do not silence the operator’s listener', async () => {
    expect((await gateway.ops('/livez')).status).toBe(200);
    expect((await gateway.ops('/readyz')).status).toBe(200);
    expect(await (await gateway.ops('/metrics')).text()).toMatch(
      /^gateway_refused_connections_total\{[^}]*\} [1-9]/m,
    );
  });

  if (limits === 'on') {
    it('do not keep another network from being served', async () => {
      const target = gateway.target(EU);
      const socket = await handshake(target.port, {
        servername: EU,
        ca: target.ca,
        localAddress: '127.0.9.9',
      });
      const answer = readToEnd(socket);
      socket.write(STATUS);
      expect((await answer).toString()).toMatch(/^HTTP\/1\.1 200 /);
    });
  }
});

describe('a slow client on the plain port', () => {
  it('has 10 seconds for its header, whether it sends nothing or a little', async () => {
    const gateway = await GatewayProcess.start();
    try {
      const startedAt = performance.now();
      const [silent, slow] = [
        await plainConnection(gateway.ports.http),
        await plainConnection(gateway.ports.http),
      ];
      slow.write('GET / HTTP/1.1\r\nHost: ');
      await Promise.all([readToEnd(silent), readToEnd(slow)]);
      const seconds = (performance.now() - startedAt) / 1000;
      expect(seconds).toBeGreaterThan(9);
      expect(seconds).toBeLessThan(16);
      expect((await rawExchange(gateway.target(EU), STATUS)).status).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});
