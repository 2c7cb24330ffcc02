import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Region } from '../../../src/config/region.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import { diagnose } from '../../../src/domains/diagnosis/diagnose.js';
import type { DnsRecordAdvice, Issue } from '../../../src/domains/diagnosis/diagnosis.js';
import {
  NOT_PROBED,
  type DomainFacts,
  type ObservationRequest,
  type ProbeFacts,
} from '../../../src/domains/domain-facts.js';
import { HttpProbe, type ProbeRequest } from '../../../src/domains/probe/http-probe.js';
import { answerProbe, parseProbePath } from '../../../src/domains/probe/probe-protocol.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { TestDnsServer } from '../../support/dns-server.js';

const eu = 'eu' as Region;
const rootKeys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];

export const ZONE = 'acme.test';
export const NAME = 'secrets.acme.test';
export const TARGET = 'k3v9q2m8x7c1b5n0.eu.ingress.onetime.test';
export const LABEL = '_onetime-challenge-a1b2c3d';
export const CHALLENGE_NAME = `${LABEL}.${NAME}`;
export const CHALLENGE = '0123456789abcdef0123456789abcdef';
const INGRESS = '127.0.0.1';

export interface Seen {
  readonly facts: DomainFacts;
  readonly routing: string;
  readonly codes: readonly string[];
  readonly records: readonly DnsRecordAdvice[];
  issue(code: string): Issue;
}

/** Dials loopback only; for every other address it has the result that the test sets. */
class LoopbackProbe extends HttpProbe {
  elsewhere: ProbeFacts = NOT_PROBED;

  override async probe(request: ProbeRequest, signal?: AbortSignal): Promise<ProbeFacts> {
    const isLoopback = request.addresses.every((each) => each.startsWith('127.'));
    if (isLoopback) return super.probe(request, signal);
    return { ...this.elsewhere, address: request.addresses[0] ?? null };
  }
}

/** A claim, a DNS server with the records that a customer makes for it, and a gateway that answers the probe. */
export class ObservedName {
  private constructor(
    readonly dns: TestDnsServer,
    private readonly gateway: Server,
    private readonly probe: LoopbackProbe,
  ) {}

  static async start(): Promise<ObservedName> {
    const dns = await TestDnsServer.start();
    for (const name of [`*.eu.ingress.onetime.test`, 'eu.onetime.test', 'onetime.test'])
      dns.zone.set(name, 'A', [INGRESS]);
    const gateway = createServer((asked, response) => {
      const question = parseProbePath(asked.url ?? '');
      const hostname = (asked.headers.host ?? '').replace(/:\d+$/, '');
      response.end(question && answerProbe(rootKeys, eu, hostname, question.nonce));
    });
    await new Promise<void>((resolve) => gateway.listen(0, INGRESS, resolve));
    const { port: httpPort } = gateway.address() as AddressInfo;
    const probe = new LoopbackProbe({ region: eu, rootKeys, httpPort, deadlineMs: 20_000 });
    return new ObservedName(dns, gateway, probe);
  }

  /** What a proxy at a public address does with the probe. */
  proxied(status: ProbeFacts['status'], server: string): void {
    this.probe.elsewhere = { ...NOT_PROBED, status, server };
  }

  async look(changes: Partial<ObservationRequest> = {}): Promise<Seen> {
    const resolver = new DnsResolver({ servers: [this.dns.address], timeoutMs: 20_000 });
    const observed = await new DomainObserver(
      resolver,
      this.probe,
      new SystemClock(),
      60_000,
    ).observe({
      ...REQUEST,
      ...changes,
    });
    const ownership = { state: 'pending', provenAt: null, missingSince: null };
    const delegation = { state: 'unknown', isPointed: false, windowEndsAt: null } as const;
    const facts = {
      ...observed,
      conflict: false,
      blocked: null,
      delegation,
      ownership,
      certificate: null,
      setup: null,
      isPairClaimed: true,
    };
    const { issues, records, routing } = diagnose(facts);
    return {
      facts,
      routing,
      codes: issues.map(({ code }) => code),
      records,
      issue: (code) => {
        const found = issues.find((each) => each.code === code);
        if (found === undefined)
          throw new Error(`no ${code}: ${issues.map((each) => each.code).join()}`);
        return found;
      },
    };
  }

  async stop(): Promise<void> {
    this.gateway.closeAllConnections();
    await Promise.all([this.dns.stop(), new Promise((resolve) => this.gateway.close(resolve))]);
  }
}

export const REQUEST: ObservationRequest = {
  hostname: NAME,
  zone: ZONE,
  relativeName: 'secrets',
  isApex: false,
  pairName: null,
  expected: {
    target: TARGET,
    ingressAddresses: [INGRESS],
    ingressSuffix: 'eu.ingress.onetime.test',
    otherIngressSuffixes: ['us.ingress.onetime.test'],
    ownHosts: ['eu.onetime.test', 'onetime.test'],
    otherHosts: ['us.onetime.test'],
    challengeName: CHALLENGE_NAME,
    challengeValue: CHALLENGE,
    needsCnameProof: false,
    delegation: {
      name: `_acme-challenge.${NAME}`,
      target: 'k3v9q2m8x7c1b5n0.acme.eu.onetime.test',
      isOffered: false,
    },
  },
  cas: [],
};

/** The same claim to the zone's apex. */
export const APEX: Partial<ObservationRequest> = {
  hostname: ZONE,
  relativeName: '@',
  isApex: true,
  expected: { ...REQUEST.expected, challengeName: `${LABEL}.${ZONE}` },
};

/** What the customer is told to do about an issue. */
export function fixOf(seen: Seen, code: string): string {
  return seen.issue(code).fix.summary;
}

/** The advice for each record: `change CNAME wrong`. */
export function advised({ records }: Seen): string[] {
  return records.map(({ type, action, status }) => `${action} ${type} ${status}`);
}
