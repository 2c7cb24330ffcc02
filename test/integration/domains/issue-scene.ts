import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Account } from '../../../src/accounts/account.js';
import type { Region } from '../../../src/config/region.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import type { CaIdentity } from '../../../src/dns/caa-record.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { NameBlocks } from '../../../src/domains/claims/name-blocks.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import { observationRequest } from '../../../src/domains/claims/observation-request.js';
import { diagnose } from '../../../src/domains/diagnosis/diagnose.js';
import type { Diagnosis } from '../../../src/domains/diagnosis/diagnosis.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { ExpectedRecords, ProbeFacts } from '../../../src/domains/domain-facts.js';
import type { SetupOutcome } from '../../../src/domains/domain-setup.js';
import { setupPicture, type KeyState } from '../../../src/domains/connect/setup-picture.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { HttpProbe, type ProbeRequest } from '../../../src/domains/probe/http-probe.js';
import { MINUTE } from '../../../src/shared/durations.js';
import { addressKind } from '../../../src/shared/ip-address.js';
import { answerProbe, parseProbePath } from '../../../src/domains/probe/probe-protocol.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { healthyFacts } from '../../fakes/domain-facts.js';
import { TestDnsServer } from '../../support/dns-server.js';
import type { TestDatabase } from '../../support/test-database.js';
import type { TestAuthority } from '../certificates/test-authority.js';
import { anAccount, aName, openRoom, settings as roomSettings, type Room } from './support.js';

const eu = 'eu' as Region;
const rootKeys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
export const INGRESS = '127.0.0.1';
/** Nothing listens there. */
export const DEAF = '127.0.0.3';
/** A public address; the server of the scene that is no gateway answers for it. */
export const FOREIGN = '1.2.3.4';
export const CLOUDFLARE = '104.16.1.1';
const FOREIGN_SERVER = '127.0.0.9';
export const CA: CaIdentity = {
  domain: 'letsencrypt.org',
  accountUri: 'https://ca.test/acct/1',
  methods: ['http-01'],
};

export function regionWith(ingressAddresses: string[]): DomainSettings {
  return Object.assign(new DomainSettings(), roomSettings, { ingressAddresses, cas: [CA] });
}

/** Dials the foreign server of the scene for every public address: tests must not leave the machine. */
class SceneProbe extends HttpProbe {
  override async probe(request: ProbeRequest, signal?: AbortSignal): Promise<ProbeFacts> {
    const given = request.addresses.find((each) => addressKind(each) === 'public');
    if (given === undefined) return super.probe(request, signal);
    const swapped = {
      ...request,
      addresses: [FOREIGN_SERVER],
      ingressAddresses: [FOREIGN_SERVER],
    };
    return { ...(await super.probe(swapped, signal)), address: given };
  }
}

/** A claim in the scene: its names, and what its owner is told. */
export interface SceneClaim {
  readonly domain: Domain;
  readonly name: string;
  readonly zone: string;
  readonly expected: ExpectedRecords;
  /** Makes the records that the claim asks for. */
  makeRecords(): void;
  /** Looks now, as `verify` does. */
  look(): Promise<Diagnosis>;
  /** Without another look. */
  diagnosis(): Promise<Diagnosis>;
  /** The same with a certificate, for who asks how to harden the name. */
  hardening(): Promise<Diagnosis>;
  /** The same with a DNS provider that can make the records, from which the customer came back a while ago. */
  withProvider(key: KeyState, outcome: SetupOutcome | null): Promise<Diagnosis>;
}

interface SceneOptions {
  readonly database: TestDatabase;
  readonly authority: TestAuthority;
}

/**
 * A region with a real database, name servers, its ingress and a server that is no gateway, all on loopback. Claims are
 * made and looked at by the room's own code.
 */
export class IssueScene {
  settings = regionWith([INGRESS]);
  /** How the ingress answers; default: as a gateway does. */
  ingress: RequestListener = asGateway;
  /** How the server that is no gateway answers. */
  foreign: RequestListener = (_, response) => void response.end('<html>Another site</html>');
  /** How long the probe waits, and a whole look. */
  probeDeadlineMs = 20_000;
  deadlineMs = 60_000;
  #servers: Server[] = [];
  #ports = { http: 0, https: 0 };

  private constructor(
    readonly dnsServers: readonly TestDnsServer[],
    private readonly options: SceneOptions,
  ) {}

  static async open(options: SceneOptions): Promise<IssueScene> {
    const servers = await Promise.all([1, 2, 3].map(() => TestDnsServer.start()));
    const scene = new IssueScene(servers, options);
    scene.onEveryServer(({ zone }) => {
      for (const name of ['*.eu.ingress.onetime.localhost', 'eu.onetime.localhost'])
        zone.set(name, 'A', [INGRESS]);
    });
    await scene.#listen();
    return scene;
  }

  /** The port of the ingress for HTTPS. */
  get httpsPort(): number {
    return this.#ports.https;
  }

  onEveryServer(change: (server: TestDnsServer) => void): void {
    for (const server of this.dnsServers) change(server);
  }

  set(name: string, type: Parameters<TestDnsServer['zone']['set']>[1], values: string[]): void {
    this.onEveryServer(({ zone }) => zone.set(name, type, values));
  }

  async claim({ isApex = false, name = aName() } = {}): Promise<SceneClaim> {
    const claimed = isApex ? name.slice(name.indexOf('.') + 1) : name;
    const account = await anAccount(this.options.database);
    const domain = await this.#room().domains.claim(account, claimed);
    return this.#claimOf(domain, account);
  }

  /** Another account's claim, which has its proof. */
  async provenByAnother(name = aName()): Promise<SceneClaim> {
    const other = await this.claim({ name });
    other.makeRecords();
    await other.look();
    return other;
  }

  /** As if the proof of a claim had been missing for a week. */
  async letLapse({ domain }: SceneClaim): Promise<void> {
    await this.options.database.dataSource.query(
      `update domains set proof_missing_since = now() - interval '7 days', proof_misses = 20, proof_warnings = 3
       where id = $1`,
      [domain.id],
    );
  }

  async release({ domain }: SceneClaim): Promise<void> {
    await this.#room().domains.remove(domain.accountId, domain.extid);
  }

  async block({ domain }: SceneClaim, reason: string): Promise<void> {
    await new NameBlocks(this.options.database.dataSource).block(domain.hostname, reason);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all([
      ...this.#servers.map((server) => new Promise((resolve) => server.close(resolve))),
      ...this.dnsServers.map((server) => server.stop()),
    ]);
  }

  #claimOf(domain: Domain, account: Account): SceneClaim {
    const { expected, zone } = observationRequest(domain, this.settings);
    const diagnosis = async (): Promise<Diagnosis> => {
      const { domains } = this.#room();
      const now = await domains.get(account.id, domain.extid);
      const others = await domains.otherNames(account.id, [now]);
      return diagnose({ ...domains.facts(now), isPairClaimed: others.claimed.has(now.hostname) });
    };
    return {
      domain,
      name: domain.hostname,
      zone,
      expected,
      makeRecords: () => {
        this.set(expected.challengeName, 'TXT', [expected.challengeValue]);
        if (domain.isApex) this.set(domain.hostname, 'A', [INGRESS]);
        else this.set(domain.hostname, 'CNAME', [expected.target]);
      },
      look: async () => {
        await this.#room().domains.verify(account.id, domain.extid);
        return diagnosis();
      },
      diagnosis,
      hardening: async () => {
        const { domains } = this.#room();
        const facts = domains.facts(await domains.get(account.id, domain.extid));
        const { certificate } = healthyFacts();
        return diagnose({ ...facts, certificate }, 'hardening');
      },
      withProvider: async (keyState, setupOutcome) => {
        const { domains } = this.#room();
        await domains.verify(account.id, domain.extid);
        const setup = {
          state: 'available',
          zone,
          serviceId: 'custom-domain',
          provider: { id: 'dns-provider.test', name: 'DNS Provider' },
          syncUrl: 'https://panel.dns-provider.test/connect',
          controlPanel: null,
          window: { width: 750, height: 750 },
        } as const;
        const now = await domains.get(account.id, domain.extid);
        const returned = {
          setup,
          setupOutcome,
          setupReturnedAt: new Date(Date.now() - 11 * MINUTE),
        };
        const facts = domains.facts(now);
        const context = { serviceId: setup.serviceId, keyState, now: new Date() };
        const picture = setupPicture({ ...now, ...returned }, facts, context);
        return diagnose({ ...facts, setup: picture.facts });
      },
    };
  }

  #room(): Room {
    const servers = this.dnsServers.map(({ address }) => address);
    const probe = new SceneProbe({
      region: eu,
      rootKeys,
      httpPort: this.#ports.http,
      httpsPort: this.#ports.https,
      deadlineMs: this.probeDeadlineMs,
    });
    const resolver = new DnsResolver({ servers, timeoutMs: 20_000 });
    const observer = new DomainObserver(resolver, probe, new SystemClock(), this.deadlineMs);
    return openRoom(this.options.database, { observer, settings: this.settings });
  }

  async #listen(): Promise<void> {
    const { authority } = this.options.authority;
    const ingress = createServer((request, response) => this.ingress(request, response));
    const http = await listenOn(ingress, INGRESS);
    const foreign = createServer((request, response) => this.foreign(request, response));
    await listenOn(foreign, FOREIGN_SERVER, http);
    const { privateKeyPem: key, chainPem: cert } = await authority.issue('secrets.test' as never);
    const secure = createSecureServer({ key, cert }, asGateway);
    this.#ports = { http, https: await listenOn(secure, INGRESS) };
    this.#servers = [ingress, foreign, secure];
  }
}

export const asGateway: RequestListener = (request, response) => {
  const question = parseProbePath(request.url ?? '');
  const hostname = (request.headers.host ?? '').replace(/:\d+$/, '');
  response.end(question && answerProbe(rootKeys, eu, hostname, question.nonce));
};

async function listenOn(server: Server, host: string, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
