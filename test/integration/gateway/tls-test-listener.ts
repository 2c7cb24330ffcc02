import type { IncomingMessage, ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { SecureContexts } from '../../../src/certificates/contexts/secure-contexts.js';
import { TicketKeys } from '../../../src/certificates/tickets/ticket-keys.js';
import { Admission } from '../../../src/gateway/admission.js';
import { ConnectionGate } from '../../../src/gateway/connection-gate.js';
import {
  CONNECTION_LIMITS,
  type ConnectionLimits,
} from '../../../src/gateway/connection-limits.js';
import { EdgeJournal } from '../../../src/gateway/edge-journal.js';
import { attachHandlers } from '../../../src/gateway/handler-guard.js';
import { TLS_LIMITS, type TlsLimits } from '../../../src/gateway/tls-listener-options.js';
import { sniOfRequest, TlsListener } from '../../../src/gateway/tls-listener.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { NetworkList } from '../../../src/shared/network.js';
import { createLogger } from '../../../src/shared/logger.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';

export const EU = requireHostname('eu.onetime.example');
export const US = requireHostname('us.onetime.example');
export const STRANGER = 'elsewhere.example';

/** A free port of the loopback address. */
export const ANY_PORT = {
  addresses: ['127.0.0.1'],
  port: 0,
  variables: { bind: 'GATEWAY_BIND', port: 'GATEWAY_HTTPS_PORT' },
};
const PUBLIC_PORT = 9443;

const SERVED = new Set<Hostname>([EU, US]);

export interface LogLine {
  readonly msg: string;
  readonly reason?: string;
  readonly hostname?: string | null;
  readonly suppressed?: number;
}

export interface TestListener {
  readonly listener: TlsListener;
  readonly servers: HostServers;
  readonly port: number;
  readonly ca: string;
  readonly test: TestAuthority;
  /** The paths of all requests so far. */
  readonly requests: readonly string[];
  /** What the listener has logged. */
  readonly lines: readonly LogLine[];
  /** The metrics of the process, as text. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** What `/large` answers: more than the sockets of both sides take while nobody reads. */
export const LARGE_BYTES = 32 * 1024 * 1024;

/** The limits of the product, except for `limits`. */
export function testAdmission(
  journal: EdgeJournal,
  limits: Partial<ConnectionLimits> = {},
): Admission {
  const gate = new ConnectionGate({
    limits: { ...CONNECTION_LIMITS, ...limits },
    max: limits.connectionsMax ?? CONNECTION_LIMITS.connectionsMax,
    trustedProxies: new NetworkList(['127.0.7.0/24']),
    limitsNetworks: true,
    hasHandshakes: true,
    onStreamEnded: (network) => journal.streamEnded(network),
    onEnded: (why) => journal.connectionEnded('https', why),
  });
  return new Admission({
    listener: 'https',
    journal,
    gate,
    proxies: new NetworkList(['127.0.8.0/24']),
  });
}

/**
 * A listener for EU and US on a free port. It answers with the SNI that sniOfRequest() returns, `/refused` with 404, and `/never…` not at all.
 * @param tickets those of EU and US
 */
export async function openTestListener(
  limits: Partial<TlsLimits> = {},
  connections: Partial<ConnectionLimits> = {},
  tickets = new TicketKeys(),
): Promise<TestListener> {
  const test = await openTestAuthority();
  const lines: LogLine[] = [];
  const registry = new Registry();
  const logger = createLogger({
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  const journal = new EdgeJournal(logger, registry);
  const admission = testAdmission(journal, connections);
  const all = { ...TLS_LIMITS, ...limits };
  const servers = new HostServers(tickets, all);
  const contexts = new SecureContexts(test.authority, test.clock, {
    isServable: (hostname) => SERVED.has(hostname),
    serversOf: () => servers,
  });
  const listener = new TlsListener(contexts, { journal, admission, publicPort: PUBLIC_PORT }, all);
  const requests: string[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(request.url ?? '');
    if (request.url === '/refused') response.statusCode = 404;
    if (request.url === '/large') response.end(Buffer.alloc(LARGE_BYTES));
    else if (request.url?.startsWith('/never') !== true)
      response.end(`sni=${sniOfRequest(request)}`);
  };
  const announcing = listener.announcing(handle);
  attachHandlers(
    listener.server,
    { request: announcing, checkContinue: announcing },
    { name: 'https', journal },
  );
  return {
    listener,
    servers,
    test,
    requests,
    lines,
    metrics: () => registry.metrics(),
    port: (await listener.listen(ANY_PORT)).port,
    ca: test.rootPem,
    stop: async () => {
      const drained = listener.drain();
      listener.destroyAll();
      await drained;
      await test.remove();
    },
  };
}
