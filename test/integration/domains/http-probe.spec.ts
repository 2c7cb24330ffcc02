import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Region } from '../../../src/config/region.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import type { ProbeFacts } from '../../../src/domains/domain-facts.js';
import { HttpProbe } from '../../../src/domains/probe/http-probe.js';
import { answerProbe, parseProbePath } from '../../../src/domains/probe/probe-protocol.js';
import { newTlsPair } from '../../support/pebble-tls-pair.js';

const NAME = 'secrets.example.test';
const LOOPBACK = '127.0.0.1';
const eu = 'eu' as Region;
const keys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];

/** As a gateway of ours answers, for the region that it serves. */
const gateway =
  (region: Region = eu, rootKeys: RootKeys = keys): RequestListener =>
  (request, response) => {
    const asked = parseProbePath(request.url ?? '');
    const hostname = (request.headers.host ?? '').replace(/:\d+$/, '');
    response.end(asked && answerProbe(rootKeys, region, hostname, asked.nonce));
  };

describe(HttpProbe.name, () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    servers.length = 0;
  });

  async function listen(server: Server, host = LOOPBACK): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return (server.address() as AddressInfo).port;
  }

  interface Setting {
    readonly addresses?: string[];
    readonly ingressAddresses?: string[];
    readonly httpsPort?: number;
    readonly deadlineMs?: number;
  }

  async function probe(listener: RequestListener, setting: Setting = {}): Promise<ProbeFacts> {
    return probePort(await listen(createServer(listener)), setting);
  }

  function probePort(httpPort: number, setting: Setting = {}): Promise<ProbeFacts> {
    const { addresses = [LOOPBACK], ingressAddresses = [LOOPBACK], ...options } = setting;
    const httpProbe = new HttpProbe({ region: eu, rootKeys: keys, httpPort, ...options });
    return httpProbe.probe({ hostname: NAME, addresses, ingressAddresses });
  }

  it('knows our own gateway', async () => {
    expect(await probe(gateway())).toEqual({
      status: 'ours',
      address: LOOPBACK,
      httpStatus: 200,
      location: null,
      server: null,
      viaHttps: false,
    });
  });

  it('knows the gateway of another region, and somebody who only claims to be ours', async () => {
    expect((await probe(gateway('us' as Region))).status).toBe('other_region');
    const forged: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
    expect((await probe(gateway(eu, forged))).status).toBe('html');
  });

  it('tells an error from a page', async () => {
    const error = await probe((_, response) => response.writeHead(404, { server: 'nginx' }).end());
    expect(error).toMatchObject({ status: 'http_error', httpStatus: 404, server: 'nginx' });
    expect(await probe((_, response) => response.end('<html>'))).toMatchObject({ status: 'html' });
  });

  it('tells a closed port and silence', async () => {
    const port = await listen(createServer());
    await new Promise((done) => servers.pop()?.close(done));
    expect((await probePort(port)).status).toBe('refused');
    expect((await probe(() => undefined, { deadlineMs: 200 })).status).toBe('timeout');
  });

  it('does not throw at what is no HTTP', async () => {
    const result = await probe((request) => request.socket.end('SSH-2.0-OpenSSH\r\n'));
    expect(result.status).toBe('unreachable');
    const upgrade = await probe((request) =>
      request.socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    );
    expect(upgrade.status).toBe('unreachable');
  });

  const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => address === '::1'),
  );
  // A container may have no IPv6 at all.
  (hasIPv6 ? it : it.skip)(
    'asks over IPv6 as well, and does not hold its silence against the name',
    async () => {
      const port = await listen(createServer(gateway()), '::1');
      const six = { addresses: ['::1'], ingressAddresses: ['::1'] };
      expect(await probePort(port, six)).toMatchObject({ status: 'ours', address: '::1' });
      const both = { addresses: ['::1', LOOPBACK], ingressAddresses: ['::1', LOOPBACK] };
      const onlyV4 = await probe(gateway(), both);
      expect(onlyV4).toMatchObject({ status: 'ours', address: LOOPBACK });
    },
  );

  describe('is no way into a network', () => {
    let hits = 0;
    const counting: RequestListener = (request, response) => {
      hits += 1;
      gateway()(request, response);
    };
    beforeEach(() => {
      hits = 0;
    });

    it.each([['127.0.0.1'], ['::ffff:127.0.0.1'], ['0.0.0.0'], ['127.1'], ['localhost']])(
      'to %s, unless that is an address of ours',
      async (address) => {
        const result = await probe(counting, { addresses: [address], ingressAddresses: [] });
        expect(result).toMatchObject({ status: 'private_address', address });
        expect(hits).toBe(0);
      },
    );

    it('by an answer with both kinds: it asks at ours alone', async () => {
      const inside = createServer(counting);
      const port = await listen(inside);
      const ours = createServer(gateway());
      servers.push(ours);
      await new Promise<void>((resolve) => ours.listen(port, '127.0.0.2', resolve));
      const setting = { addresses: [LOOPBACK, '127.0.0.2'], ingressAddresses: ['127.0.0.2'] };
      expect(await probePort(port, setting)).toMatchObject({
        status: 'ours',
        address: '127.0.0.2',
      });
      expect(hits).toBe(0);
    });

    it('by a redirect to another host, to another port, or to itself', async () => {
      const inside = await listen(createServer(counting));
      const redirectTo = (location: string) =>
        probe((_, response) => response.writeHead(302, { location }).end(), { httpsPort: inside });
      expect(await redirectTo(`http://${LOOPBACK}:${inside}/`)).toMatchObject({
        status: 'redirected',
        location: `http://${LOOPBACK}:${inside}/`,
      });
      expect((await redirectTo(`https://${LOOPBACK}:${inside}/`)).status).toBe('redirected');
      expect((await redirectTo(`http://${NAME}:${inside + 1}/`)).status).toBe('redirect_bad_port');
      expect((await redirectTo('/elsewhere')).status).toBe('redirected');
      expect((await redirectTo('')).status).toBe('redirect_loop');
      expect(hits).toBe(0);
    });

    it('by a body without end', async () => {
      let sent = 0;
      const result = await probe((_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) sent += 65_536;
        };
        response.on('drain', more);
        more();
      });
      expect(result.status).toBe('html');
      // What the kernel's buffers hold, and nowhere near "without end".
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    });

    it('by a body or headers that never come to an end', async () => {
      const slowBody = await probe((_, response) => void response.writeHead(200).write('eu '), {
        deadlineMs: 200,
      });
      expect(slowBody.status).toBe('timeout');
      const slowHead = await probe((request) => void request.socket.write('HTTP/1.1 200 OK\r\n'), {
        deadlineMs: 200,
      });
      expect(slowHead.status).toBe('timeout');
    });
  });

  describe('after a redirect to HTTPS on the same name', () => {
    async function withHttps(secure: RequestListener): Promise<ProbeFacts> {
      const { certificatePem: cert, privateKeyPem: key } = await newTlsPair();
      const httpsPort = await listen(createSecureServer({ cert, key }, secure));
      return probe(
        (request, response) => {
          const location = `https://${NAME}:${httpsPort}${request.url ?? ''}`;
          response.writeHead(308, { location }).end();
        },
        { httpsPort },
      );
    }

    it('asks there once more, whatever the certificate', async () => {
      expect(await withHttps(gateway())).toMatchObject({ status: 'ours', viaHttps: true });
    });

    it('finds the circle', async () => {
      const back: RequestListener = (request, response) =>
        response.writeHead(301, { location: `http://${NAME}${request.url ?? ''}` }).end();
      expect((await withHttps(back)).status).toBe('redirect_loop');
    });

    it('says where it led when nobody answers', async () => {
      const httpsPort = await listen(createServer());
      await new Promise((done) => servers.pop()?.close(done));
      const location = `https://${NAME}:${httpsPort}/x`;
      const result = await probe((_, response) => response.writeHead(301, { location }).end(), {
        httpsPort,
      });
      expect(result).toMatchObject({ status: 'redirected', location, viaHttps: false });
    });
  });

  it('says nothing about the name when the caller gave up', async () => {
    const port = await listen(createServer(() => undefined));
    const ended = AbortSignal.abort();
    const subject = new HttpProbe({ region: eu, rootKeys: keys, httpPort: port });
    const request = { hostname: NAME, addresses: [LOOPBACK], ingressAddresses: [LOOPBACK] };
    expect((await subject.probe(request, ended)).status).toBe('not_tried');
  });
});
