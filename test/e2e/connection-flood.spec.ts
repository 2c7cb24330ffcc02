import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { freePorts } from '../../demo/free-ports.js';
import { decodeMessage, encodeQuery } from '../../src/dns/dns-message.js';
import { withLength } from '../../src/dns/dns-transport.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { rawExchange } from '../support/raw-exchange.js';
import { until } from '../support/until.js';
import { handshake, plainConnection, readToEnd } from '../support/tls-client.js';

const ZONE = 'acme.eu.onetime.localhost';
const EU = 'eu.onetime.localhost';
const STATUS = `GET /api/v1/status HTTP/1.1\r\nHost: ${EU}\r\nConnection: close\r\n\r\n`;
/** A file limit that is common, and the flood that used it up. */
const LIMITED = ['sh', '-c', `ulimit -n 1024 && exec "$0" dist/src/main.js`, process.execPath];
const FLOOD = 1000;

describe.each(['on', 'off'])('1,000 idle sockets from one host (limits %s)', (limits) => {
  let gateway: GatewayProcess;
  let nameserver: number;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    const command = LIMITED as [string, ...string[]];
    [nameserver = 0] = await freePorts(1);
    const environment = {
      GATEWAY_LIMITS: limits,
      GATEWAY_NAMESERVERS_EU: 'ns1.eu.onetime.localhost',
      GATEWAY_NAMESERVER_PORT: String(nameserver),
    };
    gateway = await GatewayProcess.spawn({ command, environment });
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
    // The kernel has connected them; the process takes them one after the other.
    await until('connections are refused', async () => {
      const metrics = await (await gateway.ops('/metrics')).text();
      return /^gateway_refused_connections_total\{[^}]*\} [1-9]/m.test(metrics);
    });
  });

  if (limits === 'on') {
    async function visit(): Promise<string> {
      const { port, ca } = gateway.target(EU);
      const socket = await handshake(port, { servername: EU, ca, localAddress: '127.0.9.9' });
      const answer = readToEnd(socket);
      socket.write(STATUS);
      return (await answer).toString();
    }

    it('do not keep another network from being served', async () => {
      expect(await visit()).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('nor does a flood of questions beside them, in which a CA gets its answer', async () => {
      const sources = await Promise.all(
        Array.from({ length: 100 }, async (_, at) => {
          const socket = createSocket('udp4').on('error', () => undefined);
          socket.bind(0, `127.1.${at}.1`);
          await once(socket, 'listening');
          return socket;
        }),
      );
      const question = (label: string) =>
        encodeQuery({ name: `${label}.${ZONE}`, type: 'TXT', checkingDisabled: false }).bytes;
      let isOver = false;
      const flood = (async () => {
        for (let at = 0; !isOver; at += 1) {
          const bytes = question(at.toString(36).padStart(16, 'z'));
          const garbage = at % 4 === 3 ? at % 40 : bytes.length;
          sources[at % sources.length]!.send(bytes.subarray(0, garbage), nameserver, '127.0.0.1');
          if (at % 200 === 0) {
            // It says nothing until it is closed.
            sockets.push(connect(nameserver, '127.0.0.1').on('error', () => undefined));
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
      })();
      try {
        for (let visits = 0; visits < 20; visits += 1) {
          expect(await visit()).toMatch(/^HTTP\/1\.1 200 /);
          const answer = await answerTo(question('abcdefghij012345'), nameserver);
          expect(decodeMessage(answer.subarray(2))?.rcode).toBe('NOERROR');
        }
        await until('the flood is over the limits', async () => {
          const metrics = await (await gateway.ops('/metrics')).text();
          return /^gateway_dns_dropped_total\{[^}]*"rate"[^}]*\} [1-9]/m.test(metrics);
        });
      } finally {
        isOver = true;
        await flood;
        for (const socket of sources) socket.close();
      }
    });
  }
});

/** As a CA's resolver asks by TCP. @throws Error when the connection ends without an answer */
async function answerTo(query: Buffer, port: number): Promise<Buffer> {
  const ca = connect({ port, host: '127.0.0.1', localAddress: '127.0.8.8' });
  try {
    ca.write(withLength(query));
    for await (const answer of ca) return answer as Buffer;
    throw new Error('the name server closed the connection');
  } finally {
    ca.destroy();
  }
}

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
