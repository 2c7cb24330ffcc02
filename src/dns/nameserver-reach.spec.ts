import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import type { RootKeys } from '../config/root-key.js';
import { DAY, HOUR } from '../shared/durations.js';
import { withLogger } from '../shared/log-scope.js';
import { createLogger } from '../shared/logger.js';
import type { DnsAnswer } from './dns-answer.js';
import { mergeFindings } from './dns-lookup.js';
import { proofOf } from './nameserver-proof.js';
import { NameserverReach } from './nameserver-reach.js';

const ZONE = 'acme.eu.onetime.example';
const keys = (): RootKeys => [{ version: 1, bytes: randomBytes(32) }];

type Answer = DnsAnswer<string> & { readonly bogus?: boolean };
type Answerer = (nonce: string) => Answer;

/** A region whose name is asked of resolvers that answer as the test says. */
function reachBy(rootKeys: RootKeys) {
  const metrics = new Registry();
  const state = { now: 0, servers: [] as Answerer[], nonces: [] as string[] };
  const resolver = {
    lookup: (name: string, type: string) => {
      const nonce = /^_probe-([0-9a-f]{32})\.acme\.eu\.onetime\.example$/.exec(name)?.[1] ?? '';
      expect(type).toBe('TXT');
      state.nonces.push(nonce);
      const findings = state.servers.map((answer) => {
        const { bogus = false, ...rest } = answer(nonce);
        return { answer: rest, chain: [], siblings: [], dnssecBogus: bogus };
      });
      return Promise.resolve(mergeFindings(findings));
    },
  };
  const parts = {
    zone: ZONE,
    nameServers: ['ns1.eu.onetime.example'],
    rootKeys,
    resolver,
    metrics,
    now: () => state.now,
  };
  const quiet = createLogger({ destination: { write: () => undefined } });
  const reach = withLogger(quiet, () => new NameserverReach(parts));
  const gauge = async () =>
    (await metrics.getSingleMetric('gateway_nameserver_reached')!.get()).values[0]?.value;
  return { reach, state, gauge };
}

describe('NameserverReach', () => {
  const rootKeys = keys();
  const right: Answerer = (nonce) => ({
    status: 'ok',
    values: [proofOf(rootKeys, ZONE, nonce)],
    ttlSeconds: 1,
  });
  const silent: Answerer = () => ({ status: 'timeout' });

  it('offers nothing before it has asked, and then for a day after each right answer', async () => {
    const { reach, state, gauge } = reachBy(rootKeys);
    expect(reach.isOffered()).toBe(false);
    expect(await gauge()).toBeNaN();
    state.servers = [right, silent];
    expect(await reach.check()).toBe(HOUR);
    expect(reach.isOffered()).toBe(true);
    expect(await gauge()).toBe(1);
    state.servers = [silent];
    state.now += DAY - 1;
    expect(await reach.check()).toBeLessThanOrEqual(HOUR / 60);
    expect(reach.isOffered()).toBe(true);
    expect(await gauge()).toBe(0);
    state.now += 1;
    expect(reach.isOffered()).toBe(false);
    state.servers = [right];
    await reach.check();
    expect(reach.isOffered()).toBe(true);
  });

  it('asks for another name each time', async () => {
    const { reach, state } = reachBy(rootKeys);
    state.servers = [right];
    for (let round = 0; round < 5; round += 1) await reach.check();
    expect(new Set(state.nonces).size).toBe(5);
  });

  it.each<[string, Answerer[]]>([
    [
      'another region’s key',
      [(nonce) => ({ status: 'ok', values: [proofOf(keys(), ZONE, nonce)], ttlSeconds: 1 })],
    ],
    [
      'another zone',
      [
        (nonce) => ({
          status: 'ok',
          values: [proofOf(rootKeys, 'acme.us.onetime.example', nonce)],
          ttlSeconds: 1,
        }),
      ],
    ],
    [
      'an old answer',
      [() => ({ status: 'ok', values: [proofOf(rootKeys, ZONE, '0'.repeat(32))], ttlSeconds: 1 })],
    ],
    [
      'a wildcard of the parent zone',
      [() => ({ status: 'ok', values: ['v=spf1 -all'], ttlSeconds: 1 })],
    ],
    ['no delegation', [() => ({ status: 'nxdomain' })]],
    ['one resolver that gets another answer', [right, () => ({ status: 'nodata' })]],
  ])('takes %s for a no, at once', async (_what, servers) => {
    const { reach, state, gauge } = reachBy(rootKeys);
    state.servers = [right];
    await reach.check();
    state.servers = servers;
    await reach.check();
    expect(reach.isOffered()).toBe(false);
    expect(await gauge()).toBe(0);
  });

  it('takes a DS record that fits no key for a no when it is seen twice in a row', async () => {
    const bogus: Answerer = () => ({ status: 'servfail', bogus: true });
    const { reach, state, gauge } = reachBy(rootKeys);
    for (const servers of [[right], [right, bogus], [right], [right, bogus]]) {
      state.servers = servers;
      await reach.check();
      expect(reach.isOffered()).toBe(true);
    }
    expect(await gauge()).toBe(0);
    await reach.check();
    expect(reach.isOffered()).toBe(false);
  });

  it('accepts the answer of a replica that has not loaded the new root key', async () => {
    const [old] = rootKeys;
    const { reach, state } = reachBy([{ version: 2, bytes: randomBytes(32) }, old]);
    state.servers = [right];
    await reach.check();
    expect(reach.isOffered()).toBe(true);
  });

  it('tells the operator after three failures in a row, with the last finding, until it is reached', async () => {
    const { reach, state } = reachBy(rootKeys);
    state.servers = [silent];
    await reach.check();
    await reach.check();
    expect(reach.trouble()).toBeNull();
    await reach.check();
    const nameServers = ['ns1.eu.onetime.example'];
    expect(reach.trouble()).toMatchObject({ zone: ZONE, nameServers, finding: 'silent' });
    state.servers = [() => ({ status: 'nxdomain' })];
    await reach.check();
    expect(reach.trouble()).toMatchObject({ finding: 'stranger' });
    state.servers = [right];
    await reach.check();
    expect(reach.trouble()).toBeNull();
    state.servers = [silent];
    await reach.check();
    expect(reach.trouble()).toBeNull();
  });

  it('says with the trouble whether delegations are still advised', async () => {
    const { reach, state } = reachBy(rootKeys);
    state.servers = [right];
    await reach.check();
    state.servers = [silent];
    for (let round = 0; round < 3; round += 1) await reach.check();
    expect(reach.trouble()).toMatchObject({ finding: 'silent', isOffered: true });
    state.now += DAY;
    expect(reach.trouble()).toMatchObject({ finding: 'silent', isOffered: false });
  });
});
