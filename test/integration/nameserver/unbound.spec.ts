import { randomBytes } from 'node:crypto';
import type { RootKeys } from '../../../src/config/root-key.js';
import { valuesOf } from '../../../src/dns/dns-answer.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { probeNameserver } from '../../../src/dns/nameserver-probe.js';
import { proofOf } from '../../../src/dns/nameserver-proof.js';
import { unavailable } from '../../../src/shared/app-error.js';
import { randomBase36 } from '../../../src/shared/base36.js';
import { TestDnsServer } from '../../support/dns-server.js';
import {
  describeWithUnbound,
  RESOLVER_WAYS,
  startUnbound,
  type RunningUnbound,
} from '../../support/unbound.js';
import { until } from '../../support/until.js';
import { NameserverScene, ZONE } from './nameserver-scene.js';

describeWithUnbound('a real resolver', () => {
  const rootKeys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
  let scene: NameserverScene;
  let customers: TestDnsServer;
  beforeAll(async () => {
    scene = await NameserverScene.open(['127.0.0.1'], false);
    scene.eu.proof = (nonce) => proofOf(rootKeys, ZONE, nonce);
    customers = await TestDnsServer.start();
    // An authoritative server follows no alias out of its zone.
    customers.fault('*', 'authoritative');
  });
  afterAll(async () => {
    await scene.close();
    await customers.stop();
  });

  beforeEach(() => {
    scene.eu.asked.length = 0;
    scene.eu.values = () => Promise.resolve([]);
  });

  /** A name that is delegated to a label that nobody has asked for. */
  function aDelegation() {
    const label = randomBase36(16);
    const name = `_acme-challenge.${label}.customer.net`;
    customers.zone.set(name, 'CNAME', [`${label}.${ZONE}`]);
    return { name, label, target: `${label}.${ZONE}` };
  }
  const publish = (wanted: string, values: readonly string[]) => {
    scene.eu.values = (label) => Promise.resolve(label === wanted ? [...values] : []);
  };

  const startFor = (options: readonly string[]) =>
    startUnbound({
      options,
      zones: { [ZONE]: [`127.0.0.1:${scene.port}`], 'customer.net': [customers.address] },
    });

  describe.each(RESOLVER_WAYS)('that %s', (_way, options) => {
    let unbound: RunningUnbound;
    let resolver: DnsResolver;
    beforeAll(async () => {
      unbound = await startFor(options);
      resolver = new DnsResolver({ servers: [unbound.address], timeoutMs: 20_000 });
    });
    afterAll(() => unbound.stop());
    it('finds both values through the customer’s record, whatever it was asked before', async () => {
      const { name, label, target } = aDelegation();
      const values = [1, 2].map(() => randomBytes(32).toString('base64url'));
      publish(label, values);
      for (const type of ['A', 'CNAME', 'CAA', 'NS'] as const) {
        const { answer } = await resolver.lookup(target, type);
        expect(answer).toEqual({ status: 'nodata' });
      }
      const { answer, chain } = await resolver.lookup(name, 'TXT');
      expect(new Set(valuesOf(answer))).toEqual(new Set(values));
      expect(chain).toEqual([target]);
      // An echo in another case would be asked for again and again.
      expect(scene.eu.asked).toEqual([label]);
    });

    it('fetches eight values, which do not fit into a datagram of 512 bytes', async () => {
      const { name, label } = aDelegation();
      const values = Array.from({ length: 8 }, () => randomBytes(32).toString('base64url'));
      publish(label, values);
      expect(new Set(valuesOf((await resolver.lookup(name, 'TXT')).answer))).toEqual(
        new Set(values),
      );
    });

    it('knows that a name of another form does not exist', async () => {
      const { answer } = await resolver.lookup(`nobody.${ZONE}`, 'TXT');
      expect(answer).toEqual({ status: 'nxdomain' });
    });

    it('leads our own probe to us, and to nobody with another key', async () => {
      expect(await probeNameserver(resolver, { zone: ZONE, rootKeys })).toBe('ours');
      const others: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
      expect(await probeNameserver(resolver, { zone: ZONE, rootKeys: others })).toBe('stranger');
    });
  });

  describe('that keeps what it hears', () => {
    let unbound: RunningUnbound;
    let resolver: DnsResolver;
    beforeAll(async () => {
      unbound = await startFor(['qname-minimisation: yes', 'harden-below-nxdomain: yes']);
      resolver = new DnsResolver({ servers: [unbound.address], timeoutMs: 20_000 });
    });
    afterAll(() => unbound.stop());

    it('finds a value a second after there was none, and none a second after', async () => {
      const { name, label } = aDelegation();
      const found = async () => valuesOf((await resolver.lookup(name, 'TXT')).answer);
      expect(await found()).toEqual([]);
      const value = randomBytes(32).toString('base64url');
      publish(label, [value]);
      await until('the value is seen', async () => (await found()).includes(value));
      publish(label, []);
      await until('the value has gone', async () => (await found()).length === 0);
    });

    it('hears SERVFAIL while the database is away, and the value when it is back', async () => {
      const { name, label } = aDelegation();
      scene.eu.values = () => Promise.reject(unavailable(new Error('gone')));
      expect((await resolver.lookup(name, 'TXT')).answer).toEqual({ status: 'servfail' });
      publish(label, ['back']);
      const answer = async () => (await resolver.lookup(name, 'TXT')).answer;
      await until('the value is seen', async () => valuesOf(await answer()).includes('back'));
    });
  });
});
