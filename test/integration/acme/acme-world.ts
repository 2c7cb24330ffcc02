import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AcmeCa } from '../../../src/acme/acme-ca.js';
import { AcmeClient } from '../../../src/acme/acme-client.js';
import type { PublishedChallenge } from '../../../src/acme/authorize-order.js';
import {
  IssueSteps,
  newOrderProgress,
  type Advance,
  type IssueTask,
  type OrderProgress,
} from '../../../src/acme/issue-steps.js';
import type { IssuedCertificate } from '../../../src/acme/issued-certificate.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { AcmeFaultProxy } from '../../support/acme-fault-proxy.js';
import { startChallengeTestServer, type ChallengeTestServer } from '../../support/challtestsrv.js';
import { startPebble, type Pebble, type PebbleOptions } from '../../support/pebble.js';

/** Pebble behind the proxy, a DNS server for the names made here, and an http-01 responder. */
export interface AcmeWorld {
  readonly pebble: Pebble;
  readonly proxy: AcmeFaultProxy;
  readonly dns: ChallengeTestServer;
  /** The key authorizations of the http-01 responder, by token. */
  readonly answers: Map<string, string>;
  /** An unused name that points at 127.0.0.1. */
  newName(): Promise<Hostname>;
  /** A new client, as in a new process. Without `ca`, of the proxy. */
  newClient(account: TestAccount, ca?: Partial<AcmeCa>): AcmeClient;
  stop(): Promise<void>;
}

export interface TestAccount {
  readonly keyPem: string;
  readonly url: string | null;
}

/** A port without a listener, for suites without tls-alpn-01. */
const NOWHERE = 1;

export async function startAcmeWorld(options: Partial<PebbleOptions> = {}): Promise<AcmeWorld> {
  const answers = new Map<string, string>();
  const responder = createServer((request, response) => {
    const token = (request.url ?? '').split('/').at(-1) ?? '';
    response.end(answers.get(token) ?? 'nothing here');
  });
  const dns = await startChallengeTestServer();
  await new Promise<void>((resolve) => responder.listen(0, '127.0.0.1', resolve));
  const httpPort = (responder.address() as AddressInfo).port;
  const ports = { httpPort, tlsPort: NOWHERE };
  const stopGround = async () => {
    await dns.stop();
    responder.closeAllConnections();
    await new Promise((resolve) => responder.close(resolve));
  };
  const starting = startPebble({ dnsServer: dns.dnsServer, ...ports, ...options });
  const pebble = await starting.catch(async (error: unknown) => {
    await stopGround();
    throw error;
  });
  const proxy = await AcmeFaultProxy.start(pebble);
  const clients: AcmeClient[] = [];
  let names = 0;
  return {
    pebble,
    proxy,
    dns,
    answers,
    newName: async () => {
      const name = requireHostname(`name-${(names += 1)}.acme.example`);
      await dns.setA(name, ['127.0.0.1']);
      return name;
    },
    newClient: (account, ca = {}) => {
      const client = new AcmeClient({
        ca: { ...testCa(proxy), ...ca },
        accountKeyPem: account.keyPem,
        accountUrl: account.url,
        clock: new SystemClock(),
        timeout: 10_000,
      });
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.close();
      await proxy.close();
      await pebble.stop();
      await stopGround();
    },
  };
}

export function newAccount(): TestAccount {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }), url: null };
}

/** A task whose http-01 challenge the world's responder answers. */
export function taskFor(
  world: AcmeWorld,
  hostname: Hostname,
  changes: Partial<IssueTask> = {},
): IssueTask {
  return {
    hostname,
    wishes: { profile: null, replaces: null },
    challengeTypes: ['http-01', 'tls-alpn-01'],
    publishChallenge: ({ token, keyAuthorization }: PublishedChallenge) => {
      world.answers.set(token, keyAuthorization);
      return Promise.resolve();
    },
    ...changes,
  };
}

export interface Issuance {
  readonly certificate: IssuedCertificate;
  /** The steps before, in order. */
  readonly steps: readonly Advance[];
}

/** Advances until issued, each step with the client of `clientFor`. Throws what a step throws, and on any other end. */
export async function issueWith(
  clientFor: () => AcmeClient,
  task: IssueTask,
  from?: OrderProgress,
): Promise<Issuance> {
  let progress = from ?? (await newOrderProgress());
  const steps: Advance[] = [];
  while (steps.length < 20) {
    const result = await new IssueSteps(clientFor(), task, new SystemClock()).advance(progress);
    if (result.kind === 'issued') return { certificate: result.certificate, steps };
    steps.push(result);
    if (result.kind === 'failed') throw result.problem;
    if (result.kind === 'gone') throw new Error('the order is gone');
    if (result.kind === 'progressed') progress = result.progress;
  }
  throw new Error('no end of steps');
}

function testCa(proxy: AcmeFaultProxy): AcmeCa {
  return {
    name: 'pebble',
    directoryUrl: proxy.directoryUrl,
    email: 'ops@acme.example',
    caFile: proxy.caFile,
    eab: null,
    profile: null,
  };
}
