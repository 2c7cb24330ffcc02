import { randomBytes } from 'node:crypto';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { startChallengeTestServer, type ChallengeTestServer } from '../support/challtestsrv.js';
import { DomainClient, recordsToMake, type DomainRecord } from '../support/domain-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Target } from '../support/https-client.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { startPebble, type Pebble } from '../support/pebble.js';
import { freePorts } from '../../demo/free-ports.js';
import { temporaryServer } from '../support/temporary-server.js';
import { handshake } from '../support/tls-client.js';
import { until } from '../support/until.js';

const BASE = 'onetime.localhost';
const HOST = `eu.${BASE}`;
const DOMAIN = 'secrets.acme.test';

describeWithPebble('two gateways on one database, certificates from a CA', () => {
  const database = temporaryServer();
  let server: EmbeddedPostgres;
  let dns: ChallengeTestServer;
  let pebble: Pebble;
  let gateways: readonly [GatewayProcess, GatewayProcess];
  const started: GatewayProcess[] = [];
  let trusted: string;

  beforeAll(async () => {
    server = await database.start();
    dns = await startChallengeTestServer();
    for (const name of [HOST, BASE]) await dns.setA(name, ['127.0.0.1']);
    // The CA and our own probes connect to the first process only, whichever process runs the order.
    const [httpPort = 0] = await freePorts(1);
    const tlsPort = httpPort;
    pebble = await startPebble({ dnsServer: dns.dnsServer, httpPort, tlsPort });
    trusted = await pebble.rootPem();
    const environment = {
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DEFAULT_REGION: 'eu',
      GATEWAY_DATABASE_URL_EU: server.urlOf('eu'),
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
      GATEWAY_DNS_SERVERS: dns.dnsServer,
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
      GATEWAY_PROBE_HTTP_PORT: String(httpPort),
      GATEWAY_ACME_DIRECTORY: pebble.directoryUrl,
      GATEWAY_ACME_CA_FILE: pebble.caFile,
      GATEWAY_ACME_EMAIL: 'operator@acme.test',
      // A private CA has no limits by default.
      GATEWAY_ACME_LIMITS: 'orders=280/10800',
    };
    const first = await GatewayProcess.spawn({
      environment: { ...environment, GATEWAY_HTTP_PORT: String(httpPort) },
    });
    started.push(first);
    // One after the other: the second one may run the order, and the CA connects to the first one.
    await first.ready();
    const second = await GatewayProcess.spawn({ environment });
    started.push(second);
    await second.ready();
    gateways = [first, second];
  });
  afterAll(async () => {
    await Promise.all(started.map((gateway) => gateway.stop()));
    await pebble?.stop();
    await dns?.stop();
    await server?.stop();
    database.remove();
  });

  /** Trusts the root of the CA only. */
  const target = (gateway: GatewayProcess, host: string): Target => ({
    host,
    port: gateway.ports.https,
    ca: trusted,
  });

  const isServed = async (gateway: GatewayProcess, host: string): Promise<boolean> => {
    const answer = await call(target(gateway, host), { path: '/api/v1/status' }).catch(() => null);
    return answer?.status === 200;
  };

  const serialOf = async (gateway: GatewayProcess, host: string): Promise<string> => {
    const { ca, port } = target(gateway, host);
    const socket = await handshake(port, { servername: host, ca });
    const { serialNumber, subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    expect(subjectaltname).toBe(`DNS:${host}`);
    return serialNumber;
  };

  it('serves the region’s own hosts with certificates of the CA', async () => {
    for (const host of [HOST, BASE]) {
      for (const gateway of gateways)
        await until(`${host} is served`, () => isServed(gateway, host));
      expect(await serialOf(gateways[0], host)).toBe(await serialOf(gateways[1], host));
    }
  });

  describe('a customer’s domain', () => {
    let customer: DomainClient;
    let domain: DomainRecord;

    beforeAll(async () => {
      const { auth } = await gateways[0].account('eu', 'owner@acme.test', 'identity_plus');
      customer = new DomainClient(() => target(gateways[0], HOST), auth);
    });

    it('serves once the records of the answer exist', async () => {
      domain = await customer.claim(DOMAIN);
      for (const { fqdn, type, desired } of recordsToMake(domain)) {
        for (const value of desired) {
          if (type === 'TXT') await dns.addTxt(fqdn, value);
          else await dns.setCname(fqdn, value);
        }
      }
      // The operator's own zone.
      await dns.setA(domain.routing.target ?? '', ['127.0.0.1']);
      await customer.verify(domain.id);
      await customer.serving(domain.id);
    });

    it('serves on both processes with one certificate', async () => {
      for (const gateway of gateways) {
        const answer = await until('the process serves it', () =>
          call(target(gateway, DOMAIN), { path: '/api/v1/status' }).catch(() => null),
        );
        expect(answer.json()).toMatchObject({ status: 'nominal' });
      }
      const [first, second] = await Promise.all(gateways.map((each) => serialOf(each, DOMAIN)));
      expect(first).toBe(second);
      const events = (await customer.events(domain.id)).map(({ axis, type }) => `${axis} ${type}`);
      expect(events.filter((event) => event === 'certificate issued')).toHaveLength(1);
    });

    it('does not serve the challenge certificate to a client other than the CA', async () => {
      const { ca, port } = target(gateways[0], DOMAIN);
      const offer = { servername: DOMAIN, ca, ALPNProtocols: ['acme-tls/1'] };
      await expect(handshake(port, offer)).rejects.toThrow(/unrecognized name/i);
    });

    it('serves while the database is down, and unknown names do not', async () => {
      await server.stop();
      for (const gateway of gateways) {
        expect(await isServed(gateway, DOMAIN)).toBe(true);
        const { ca, port } = target(gateway, 'vault.acme.test');
        await expect(handshake(port, { servername: 'vault.acme.test', ca })).rejects.toThrow(
          /internal error/i,
        );
      }
      server = await database.start();
      await until(
        'the database is back',
        async () => (await customer.get(domain.id).catch(() => null))?.serving.ready,
      );
      for (const gateway of gateways) expect(await isServed(gateway, DOMAIN)).toBe(true);
    });

    it('is counted in the metrics, with the remaining orders of the CA', async () => {
      const text = await (await gateways[0].ops('/metrics')).text();
      expect(text).toMatch(/^gateway_domains_serving\{region="eu"\} 1$/m);
      expect(text).toMatch(/^gateway_certificates\{state="active",region="eu"\} 3$/m);
      expect(text).toMatch(
        /^gateway_ca_limit_left\{ca="127\.0\.0\.1:\d+",limit="orders",region="eu"\} 2\d\d$/m,
      );
    });

    it('stops serving on both processes when it is removed', async () => {
      expect((await customer.send('DELETE', `/${domain.id}`)).status).toBe(200);
      for (const gateway of gateways)
        await until('it is gone', async () => !(await isServed(gateway, DOMAIN)), 2000);
    });
  });
});
