import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AggregatorRegistry, Registry } from 'prom-client';
import type { Region } from '../config/region.js';
import type { Cell } from '../region/cell.js';
import { parseHostname, type Hostname } from '../shared/hostname.js';
import type { EdgeJournal } from './edge-journal.js';
import { attachHandlers } from './handler-guard.js';
import { stateOf } from './region-states.js';
import { originForm } from './request-host.js';

/** What the operator's listener reads. It changes nothing. */
interface OpsSources {
  readonly served: readonly Region[];
  /** Whether the wait for the regions at start is over. */
  readonly isStarted: () => boolean;
  /** The running cells. */
  readonly cells: () => readonly Cell[];
  /** The metrics of the process; each cell has its own registry. */
  readonly metrics: readonly Registry[];
  /** Whether the name is an own host. */
  readonly isOwn: (hostname: Hostname) => boolean;
  /** Whether the region does not start because its configuration does not fit its database. */
  readonly isRefused: (region: Region) => boolean;
}

/** The operator's listener, on its own address and never on a tenant's host: liveness, readiness, metrics. */
export function createOpsListener(sources: OpsSources, journal: EdgeJournal): Server {
  const server = createServer();
  const answer = (request: IncomingMessage, response: ServerResponse): unknown => {
    // Not by URL: `//` and `http://[` are targets that a client can send and no URLs.
    const [path = '/', query = ''] = originForm(request.url ?? '/').split('?', 2);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return writeJson(response, 405, { status: 'method not allowed' });
    switch (path) {
      case '/livez':
        return writeJson(response, 200, { status: 'ok' });
      case '/readyz':
        return void writeReadiness(response, sources, journal);
      case '/metrics':
        return writeMetrics(response, sources, journal);
      case '/api/internal/caddy/ask':
        return writeAnswerToCaddy(response, new URLSearchParams(query).get('domain'), sources);
      default:
        return writeJson(response, 404, { status: 'not found' });
    }
  };
  attachHandlers(server, { request: answer }, { name: 'ops', journal });
  return server;
}

/**
 * Ready when at least one cell serves; the hosts of the others answer 503. Not ready before the wait for the regions at
 * start is over, so a deployment that waits for readiness gets every region that can start in time. An own host without
 * a certificate is named, and does not make a cell unready: CAs validate through it.
 */
async function writeReadiness(
  response: ServerResponse,
  sources: OpsSources,
  journal: EdgeJournal,
): Promise<void> {
  const { served, cells, isStarted } = sources;
  const missing = new Map(
    await Promise.all(
      cells().map(async (cell) => [cell.region, await missingHosts(cell, journal)] as const),
    ),
  );
  const states = served.map((region) => {
    const withoutCertificate = missing.get(region) ?? [];
    return {
      region,
      state: stateOf(region, sources),
      ...(withoutCertificate.length > 0 && { without_certificate: withoutCertificate }),
    };
  });
  const isReady = isStarted() && states.some(({ state }) => state === 'serving');
  writeJson(response, isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not ready',
    cells: states,
  });
}

/** Nothing is said while the database cannot be asked. */
async function missingHosts(cell: Cell, journal: EdgeJournal): Promise<readonly Hostname[]> {
  if (cell.databaseState() === 'unreachable') return [];
  try {
    return await cell.hostsWithoutCertificate();
  } catch (error) {
    // The database may have gone since.
    if (cell.databaseState() !== 'unreachable') journal.handlerFailed('ops', 'readyz', error);
    return [];
  }
}

/** Merges the registries of the process and of the cells, whose default label is the region, so each metric appears once. */
async function writeMetrics(
  response: ServerResponse,
  { cells, metrics }: OpsSources,
  journal: EdgeJournal,
): Promise<void> {
  try {
    const registries = [...metrics, ...cells().map((cell) => cell.metrics)];
    const values = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
    const text = await AggregatorRegistry.aggregate(values).metrics();
    response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }).end(text);
  } catch (error) {
    journal.handlerFailed('ops', 'metrics', error);
    writeJson(response, 500, { status: 'metrics could not be collected' });
  }
}

/** Answers Caddy's on-demand TLS question: Caddy in front of the gateway requests a certificate only after a 200. */
async function writeAnswerToCaddy(
  response: ServerResponse,
  domain: string | null,
  { cells, isOwn }: OpsSources,
): Promise<void> {
  if (domain === null || domain === '')
    return writeJson(response, 400, { status: 'which domain?' });
  const hostname = parseHostname(domain);
  if (hostname === null) return writeJson(response, 403, { status: 'not served' });
  if (isOwn(hostname)) return writeJson(response, 200, { status: 'served' });
  const answers = await Promise.allSettled(cells().map((cell) => cell.wouldServe(hostname)));
  if (answers.some((each) => each.status === 'fulfilled' && each.value))
    return writeJson(response, 200, { status: 'served' });
  const haveAllAnswered = answers.every(({ status }) => status === 'fulfilled');
  writeJson(response, haveAllAnswered ? 403 : 503, {
    status: haveAllAnswered ? 'not served' : 'nobody can say',
  });
}

function writeJson(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}
