import { Resolver } from 'node:dns/promises';
import { createServer, type Server } from 'node:tls';
import { recordsToMake, type DomainRecord } from '../support/domain-client.js';
import { DomainScene } from '../support/domain-scene.js';
import { INGRESS, DELEGATION_ZONE } from '../support/domain-scene-services.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { handshake } from '../support/tls-client.js';
import { describeWithUnbound, RESOLVER_WAYS } from '../support/unbound.js';
import { until } from '../support/until.js';
import {
  openTestAuthority,
  type TestAuthority,
} from '../integration/certificates/test-authority.js';

/** Where the name is served before the switch. */
const OLD_SITE = '127.0.0.9';
// Seconds: longer than every lease.
const LEASES = 70;
const VISITS_EVERY = 20;

interface Delegated extends DomainRecord {
  readonly delegation: {
    readonly state: string;
    readonly offered: boolean;
    readonly target: string;
  };
  readonly issues: readonly { readonly code: string; readonly severity: string }[];
}

describeWithPebble('a certificate before the traffic', () =>
  describeWithUnbound('by a CA that asks a real resolver', beforeTheTraffic),
);

function beforeTheTraffic(): void {
  let scene: DomainScene;
  let oldAuthority: TestAuthority;
  beforeAll(async () => {
    scene = await DomainScene.open({}, { delegates: true });
    oldAuthority = await openTestAuthority();
    await scene.startGateway();
    await scene.startGateway();
  });
  afterAll(async () => {
    await scene?.stop();
    await oldAuthority?.remove();
  });
  afterEach(() => scene.proxy.heal());

  const show = async (id: string): Promise<Delegated> =>
    (await (await scene.customer()).get(id)) as Delegated;

  /** Claims a name that is in use elsewhere, and makes what may be made before the switch. */
  async function prepare(name: string): Promise<Delegated> {
    const customer = await scene.customer();
    await scene.dns.setA(name, [OLD_SITE]);
    const { id } = await customer.claim(name);
    const claimed = await until('the delegation is offered', async () => {
      const seen = await show(id);
      return seen.delegation.offered ? seen : null;
    });
    for (const { purpose, type, fqdn, desired } of recordsToMake(claimed)) {
      const [value = ''] = desired;
      if (purpose === 'certificate') await scene.dns.setCname(fqdn, value);
      if (type === 'TXT') await scene.dns.addTxt(fqdn, value);
    }
    // The operator's own zone.
    await scene.dns.setA(claimed.routing.target ?? '', [INGRESS]);
    return claimed;
  }

  /** Serves the name at its former address until it is closed. */
  async function openOldSite(name: string): Promise<Server> {
    const { chainPem, privateKeyPem } = await oldAuthority.authority.issue(name as never);
    const server = createServer({ cert: chainPem, key: privateKeyPem }, (socket) => socket.end());
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, OLD_SITE, resolve));
    return server;
  }

  /** Questions for TXT records that the gateways' name servers have answered, by transport. */
  async function answered(transport: string): Promise<number> {
    const series = new RegExp(
      `^gateway_dns_queries_total\\{[^}]*type="TXT",rcode="NOERROR",transport="${transport}"[^}]*\\} (\\d+)$`,
      'gm',
    );
    const texts = await Promise.all(
      scene.gateways.map(async (gateway) => (await gateway.ops('/metrics')).text()),
    );
    return texts
      .flatMap((text) => [...text.matchAll(series)])
      .reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it.each(RESOLVER_WAYS)('comes by a resolver that %s', async (way, options) => {
    await scene.resolveBy(options);
    const transport = way === 'asks by TCP' ? 'tcp' : 'udp';
    const before = await answered(transport);
    const name = `secrets.way-${RESOLVER_WAYS.findIndex(([each]) => each === way)}.test`;
    const { id } = await prepare(name);
    const seen = (await (await scene.customer()).serving(id)) as Delegated;
    expect(seen.routing.state).not.toBe('pointed');
    // One order, and no other way was tried.
    expect([scene.done(name, 'newOrder'), scene.done(name, 'challenge')]).toEqual([1, 1]);
    expect(await answered(transport)).toBeGreaterThan(before);
    const codes = async () => (await show(id)).issues.map(({ code }) => code);
    await until('the switch is offered', async () => (await codes()).includes('READY_TO_SWITCH'));
    (await handshakeWith(name)).destroy();
  });

  async function handshakeWith(name: string) {
    const { port, ca } = await scene.target(name, scene.gateways[1]);
    return handshake(port, { servername: name, ca });
  }

  it('is there while the name leads elsewhere, and the switch is seen by no visitor', async () => {
    const [[, options]] = RESOLVER_WAYS as [(typeof RESOLVER_WAYS)[number]];
    await scene.resolveBy(options);
    const name = 'secrets.moving.test';
    const { id } = await prepare(name);
    const customer = await scene.customer();
    const seen = (await customer.serving(id)) as Delegated;
    expect(seen).toMatchObject({
      ownership: { state: 'verified' },
      delegation: { state: 'ready' },
      certificate: { state: 'active' },
    });
    expect(seen.routing.state).not.toBe('pointed');
    const settled = await until('the switch is offered', async () => {
      const now = await show(id);
      return now.issues.some(({ code }) => code === 'READY_TO_SWITCH') ? now : null;
    });
    expect(settled.issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
    const types = (await scene.story(id)).map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(['delegation_ready', 'queued', 'ordered', 'validated', 'issued']),
    );

    const oldSite = await openOldSite(name);
    const visits = await visiting(name, oldSite);
    await until('visits of the old site', () => visits.reached.old >= 25);
    await scene.dns.setCname(name, settled.routing.target ?? '');
    await until('visits of the new one', () => visits.reached.new >= 100);
    await until('the switch is seen', async () => (await show(id)).routing.state === 'pointed');
    await visits.stop();
    oldSite.close();
    expect(visits.failures).toEqual([]);

    const removed = await customer.send('DELETE', `/${id}`);
    const { records_to_remove: useless } = removed.json<{
      records_to_remove: { type: string; fqdn: string }[];
    }>();
    expect(useless.map(({ fqdn }) => fqdn)).toEqual([
      expect.stringMatching(/^_onetime-challenge-/),
      name,
      `_acme-challenge.${name}`,
    ]);
    await until('the authorization ends', () =>
      scene.proxy.seen.some(
        ({ kind, hostname, payload, done }) =>
          kind === 'authz' &&
          hostname === name &&
          payload?.['status'] === 'deactivated' &&
          done === 200,
      ),
    );
  });

  /** By the resolver, which follows the delegation. */
  async function textsAt(name: string): Promise<string[][]> {
    const resolver = new Resolver();
    resolver.setServers([scene.resolver]);
    return resolver.resolveTxt(name).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENODATA') return [];
      throw error;
    });
  }

  /** Fifty visitors a second: each looks the name up and makes a TLS handshake where it leads. */
  async function visiting(name: string, oldSite: Server) {
    const resolver = new Resolver();
    resolver.setServers([scene.resolver]);
    const { port: oldPort } = oldSite.address() as { port: number };
    const { port, ca } = await scene.target(name);
    const trusted = [oldAuthority.rootPem, ca as string];
    const reached = { old: 0, new: 0 };
    const failures: unknown[] = [];
    const visit = async (): Promise<void> => {
      const [address] = await resolver.resolve4(name);
      const isOld = address === OLD_SITE;
      const where = isOld ? { host: OLD_SITE, port: oldPort } : { host: INGRESS, port };
      const socket = await handshake(where.port, {
        host: where.host,
        servername: name,
        ca: trusted,
      });
      socket.destroy();
      reached[isOld ? 'old' : 'new'] += 1;
    };
    const running = new Set<Promise<void>>();
    const timer = setInterval(() => {
      const visited = visit()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(visited));
      running.add(visited);
    }, VISITS_EVERY);
    return {
      reached,
      failures,
      stop: async (): Promise<void> => {
        clearInterval(timer);
        await Promise.all(running);
      },
    };
  }

  it('comes by the other process when the one that ordered it is killed before the validation', async () => {
    const name = 'secrets.killed.test';
    let killed: GatewayProcess | null = null;
    let isTold = false;
    // The value is committed; the CA has not been told yet, and is told after the kill.
    scene.proxy.onRequest = async (kind, _, { hostname }) => {
      if (kind !== 'challenge' || hostname !== name || isTold) return;
      isTold = true;
      const ordered = () => scene.gateways.find(({ logs }) => hasOrdered(logs, name));
      const orderer = await until('the line of the order', ordered);
      await scene.kill([orderer]);
      killed = orderer;
    };
    const { id, delegation } = await prepare(name);
    expect(delegation.target.endsWith(`.${DELEGATION_ZONE}`)).toBe(true);
    await until('the kill', () => killed !== null && scene.gateways.length === 1);
    await until('the validation', () => scene.done(name, 'challenge') > 0);
    await scene.letPass(LEASES, name);
    await (await scene.customer()).serving(id);
    expect(await scene.certificatesOf(name)).toHaveLength(1);
    expect(scene.done(name, 'newOrder')).toBe(1);
    // Nothing is left over: no value, here or in the DNS, and no authorization but the one that the order has used.
    expect(await scene.query('select 1 from acme_challenges where hostname = $1', [name])).toEqual(
      [],
    );
    expect(await textsAt(`_acme-challenge.${name}`)).toEqual([]);
    const ofName = scene.proxy.seen.filter(
      ({ kind, hostname }) => kind === 'authz' && hostname === name,
    );
    expect(new Set(ofName.map(({ path }) => path)).size).toBe(1);
  });
}

function hasOrdered(logs: string, name: string): boolean {
  return logs
    .split('\n')
    .some((line) => line.includes(`"hostname":"${name}"`) && line.includes('"event":"ordered"'));
}
