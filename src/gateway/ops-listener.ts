import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AggregatorRegistry, Registry } from 'prom-client';
import { SECOND } from '../shared/durations.js';
import { parseHostname } from '../shared/hostname.js';
import type { ListenerJournal } from './edge-journal.js';
import { attachHandlers } from './handler-guard.js';
import type { OpsAnswers, Permission } from './ops-answers.js';
import { originForm } from './request-host.js';

const STATUS_FOR_CADDY: Readonly<Record<Permission, number>> = {
  served: 200,
  'not served': 403,
  'nobody can say': 503,
};

/** In milliseconds. Requests have no body that anybody reads. Half a request must not hold up a stop. */
const LIMITS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 10 * SECOND,
  connectionsCheckingInterval: SECOND,
} as const;

/** The operator's listener, on its own address and never on a tenant's host: liveness, readiness, metrics. */
export function createOpsListener(answers: OpsAnswers, journal: ListenerJournal): Server {
  const server = createServer(LIMITS);
  const answer = (request: IncomingMessage, response: ServerResponse): unknown => {
    // Not by URL: `//` and `http://[` are targets that a client can send and no URLs.
    const [path = '/', query = ''] = originForm(request.url ?? '/').split('?', 2);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return writeJson(response, 405, { status: 'method not allowed' });
    switch (path) {
      case '/livez':
        return writeJson(response, 200, { status: 'ok' });
      case '/readyz':
        return writeReadiness(response, answers);
      case '/metrics':
        return writeMetrics(response, answers, journal);
      case '/api/internal/caddy/ask':
        return writeAnswerToCaddy(response, new URLSearchParams(query).get('domain'), answers);
      default:
        return writeJson(response, 404, { status: 'not found' });
    }
  };
  attachHandlers(server, { request: answer }, { name: 'ops', journal });
  return server;
}

async function writeReadiness(response: ServerResponse, answers: OpsAnswers): Promise<void> {
  const { isReady, ...rest } = await answers.readiness();
  writeJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', ...rest });
}

/** Merges the registries of the process and of the cells, whose default label is the region, so each metric appears once. */
async function writeMetrics(
  response: ServerResponse,
  answers: OpsAnswers,
  journal: ListenerJournal,
): Promise<void> {
  try {
    const text = await AggregatorRegistry.aggregate(await answers.metrics()).metrics();
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
  answers: OpsAnswers,
): Promise<void> {
  if (domain === null || domain === '')
    return writeJson(response, 400, { status: 'which domain?' });
  const hostname = parseHostname(domain);
  const permission = hostname === null ? 'not served' : await answers.permission(hostname);
  writeJson(response, STATUS_FOR_CADDY[permission], { status: permission });
}

function writeJson(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}
