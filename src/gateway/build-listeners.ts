import type { Server } from 'node:http';
import { Registry } from 'prom-client';
import type { Region } from '../config/region.js';
import type { Config } from '../config/config.js';
import type { BodyBudget } from '../region/body-budget.js';
import { RequestJournal } from '../region/request-journal.js';
import type { Hostname } from '../shared/hostname.js';
import type { Logger } from '../shared/logger.js';
import type { AdminListener } from './admin-listener.js';
import { Admission } from './admission.js';
import { buildAdminListener } from './build-admin-listener.js';
import type { CustomDomainLookup } from './custom-domain-lookup.js';
import { DestinationLookup } from './destination-lookup.js';
import { EdgeJournal } from './edge-journal.js';
import { attachHandlers } from './handler-guard.js';
import type { HostTable } from './host-table.js';
import type { LookupLimiter } from './lookup-limiter.js';
import { prepareNameserver, type OpenNameserverSockets } from './nameserver/open-nameserver.js';
import type { OpsAnswers } from './ops-answers.js';
import { createOpsListener } from './ops-listener.js';
import { createPlainListener } from './plain-listener.js';
import { registerRegionStates, type RegionState } from './region-states.js';
import { ProcessAnswers } from './process-answers.js';
import { RequestDispatcher } from './request-dispatcher.js';
import { ConnectionGate } from './connection-gate.js';
import { connectionCounts, connectionLimitsOf } from './connection-limits.js';
import { TlsListener, type SniContextSource } from './tls-listener.js';
import { WellKnown } from './well-known.js';

export interface Listeners {
  readonly dispatcher: RequestDispatcher;
  readonly tls: TlsListener;
  readonly plain: Server;
  readonly ops: Server;
  readonly answers: OpsAnswers;
  /** Null: the operator's API is off. */
  readonly admin: AdminListener | null;
  /** Null: the process answers no DNS. */
  readonly nameserver: OpenNameserverSockets | null;
  readonly journal: EdgeJournal;
}

interface ListenerParts {
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly hosts: HostTable;
  readonly customDomains: CustomDomainLookup;
  readonly limiter: LookupLimiter;
  readonly bodies: Pick<BodyBudget, 'endOldest' | 'hurry'>;
  readonly contexts: SniContextSource;
  readonly isStarted: () => boolean;
  readonly startOf: (region: Region) => RegionState;
}

/** The listeners with their handlers. They do not listen yet. */
export function buildListeners(config: Config, parts: ListenerParts): Listeners {
  const { hosts, logger, metrics } = parts;
  // The cells count requests under the same names, with their region.
  const edgeMetrics = new Registry();
  edgeMetrics.setDefaultLabels({ region: 'none' });
  const cells = (): HostTable['cells'] => hosts.cells;
  const requests = new RequestJournal(logger, edgeMetrics);
  const dispatcher = new RequestDispatcher(
    config,
    {
      hosts,
      destinations: new DestinationLookup(hosts, parts.customDomains),
      wellKnown: new WellKnown(cells, parts.limiter),
    },
    requests,
  );
  const journal = new EdgeJournal(logger, metrics);
  const admission = buildAdmission(config, journal, parts.bodies);
  const tls = new TlsListener(parts.contexts, {
    journal,
    admission: admission.https,
    publicPort: config.publicHttpsPort,
  });
  const handlers = {
    request: tls.announcing(dispatcher.handleSecure),
    checkContinue: tls.announcing(dispatcher.handleSecureExpecting),
    checkExpectation: tls.announcing(dispatcher.handleSecureExpecting),
    clientError: dispatcher.handleClientError,
  };
  attachHandlers(tls.server, handlers, { name: 'https', journal });
  const sources = {
    served: config.served.map(({ region }) => region),
    isStarted: parts.isStarted,
    startOf: parts.startOf,
    cells,
    metrics: [metrics, edgeMetrics],
    isOwn: (hostname: Hostname) => hosts.isOwn(hostname),
  };
  registerRegionStates(metrics, sources);
  const answers = new ProcessAnswers(sources, journal);
  return {
    dispatcher,
    tls,
    plain: createPlainListener(dispatcher, { journal, admission: admission.plain }),
    ops: createOpsListener(answers, journal),
    answers,
    admin: buildAdminListener(config, { journal, requests, hosts }),
    nameserver: prepareNameserver(config, { ...parts, cells, edge: journal }),
    journal,
  };
}

interface Admissions {
  readonly https: Admission;
  readonly plain: Admission;
}

function buildAdmission(
  config: Config,
  journal: EdgeJournal,
  bodies: ListenerParts['bodies'],
): Admissions {
  const { limits: requestLimits, trustedProxies, proxyProtocolFrom: proxies, workers } = config;
  const limits = connectionLimitsOf(workers);
  const counts = connectionCounts(limits);
  const common = { limits, trustedProxies, limitsNetworks: requestLimits !== null };
  const https = new ConnectionGate({
    ...common,
    max: counts.https,
    hasHandshakes: true,
    onStreamEnded: (network) => journal.streamEnded(network),
    onEnded: (why) => journal.connectionEnded('https', why),
    endArriving: (leastMs) => bodies.endOldest(leastMs),
    onFull: () => bodies.hurry(),
  });
  const plain = new ConnectionGate({
    ...common,
    max: counts.plain,
    hasHandshakes: false,
    onEnded: (why) => journal.connectionEnded('http', why),
  });
  return {
    https: new Admission({ listener: 'https', journal, proxies, gate: https }),
    plain: new Admission({ listener: 'http', journal, proxies, gate: plain }),
  };
}
