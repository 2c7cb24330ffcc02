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
import { itWherePossible } from '../../support/requires.js';

const NAME = 'secrets.example.test';
const LOOPBACK = '127.0.0.1';
const eu = 'eu' as Region;
const keys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];

/** Answers as a gateway of that region. */
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

  it('recognises a gateway of its region', async () => {
    expect(await probe(gateway())).toEqual({
      status: 'ours',
      address: LOOPBACK,
      httpStatus: 200,
      location: null,
      server: null,
      viaHttps: false,
    });
  });

  it('recognises a gateway of another region and a forged answer', async () => {
    expect((await probe(gateway('us' as Region))).status).toBe('other_region');
    const forged: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
    expect((await probe(gateway(eu, forged))).status).toBe('html');
  });

  it('distinguishes an HTTP error from a page', async () => {
    const error = await probe((_, response) => response.writeHead(404, { server: 'nginx' }).end());
    expect(error).toMatchObject({ status: 'http_error', httpStatus: 404, server: 'nginx' });
    expect(await probe((_, response) => response.end('<html>'))).toMatchObject({ status: 'html' });
  });

  it('distinguishes a closed port from a timeout', async () => {
    const port = await listen(createServer());
    await new Promise((done) => servers.pop()?.close(done));
    expect((await probePort(port)).status).toBe('refused');
    expect((await probe(() => undefined, { deadlineMs: 200 })).status).toBe('timeout');
  });

  it('does not throw on a response that is not HTTP', async () => {
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
  const noIPv6 = hasIPv6 ? null : 'this machine has no IPv6';
  itWherePossible(noIPv6, 'probes over IPv6 as well, and ignores a failure there', async () => {
    const port = await listen(createServer(gateway()), '::1');
    const six = { addresses: ['::1'], ingressAddresses: ['::1'] };
    expect(await probePort(port, six)).toMatchObject({ status: 'ours', address: '::1' });
    const both = { addresses: ['::1', LOOPBACK], ingressAddresses: ['::1', LOOPBACK] };
    const onlyV4 = await probe(gateway(), both);
    expect(onlyV4).toMatchObject({ status: 'ours', address: LOOPBACK });
  });

  describe('does not connect into a private network', () => {
    let hits = 0;
    const counting: RequestListener = (request, response) => {
      hits += 1;
      gateway()(request, response);
    };
    beforeEach(() => {
      hits = 0;
    });

    it.each([['127.0.0.1'], ['::ffff:127.0.0.1'], ['0.0.0.0'], ['127.1'], ['localhost']])(
      'at %s, unless the region has this address',
      async (address) => {
        const result = await probe(counting, { addresses: [address], ingressAddresses: [] });
        expect(result).toMatchObject({ status: 'private_address', address });
        expect(hits).toBe(0);
      },
    );

    it('when a lookup returns both kinds: it connects to the address of the region only', async () => {
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

    it('after a redirect to another host, to another port, or to itself', async () => {
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

    it('and stops reading a body without end', async () => {
      let sent = 0;
      const result = await probe((_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) sent += 65_536;
        };
        response.on('drain', more);
        more();
      });
      expect(result.status).toBe('html');
      // The kernel buffers some of it.
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    });

    it('and has a deadline for headers and body', async () => {
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

    it('probes there with any certificate', async () => {
      expect(await withHttps(gateway())).toMatchObject({ status: 'ours', viaHttps: true });
    });

    it('reports a redirect loop', async () => {
      const back: RequestListener = (request, response) =>
        response.writeHead(301, { location: `http://${NAME}${request.url ?? ''}` }).end();
      expect((await withHttps(back)).status).toBe('redirect_loop');
    });

    it('reports the location when the HTTPS port does not answer', async () => {
      const httpsPort = await listen(createServer());
      await new Promise((done) => servers.pop()?.close(done));
      const location = `https://${NAME}:${httpsPort}/x`;
      const result = await probe((_, response) => response.writeHead(301, { location }).end(), {
        httpsPort,
      });
      expect(result).toMatchObject({ status: 'redirected', location, viaHttps: false });
    });
  });

  it('reports not_tried when the caller aborts', async () => {
    const port = await listen(createServer(() => undefined));
    const ended = AbortSignal.abort();
    const subject = new HttpProbe({ region: eu, rootKeys: keys, httpPort: port });
    const request = { hostname: NAME, addresses: [LOOPBACK], ingressAddresses: [LOOPBACK] };
    expect((await subject.probe(request, ended)).status).toBe('not_tried');
  });
});
