import { Counter, type Registry } from 'prom-client';
import { jsonLines, type Logger } from '../shared/logger.js';
import type { Network } from '../shared/network.js';
import { RequestDurations, type RouteDurations } from './request-durations.js';

/** What is logged and counted of a request. `route` is the template, never the path: a path can contain a key. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly network: Network;
}

interface RequestLabels {
  readonly method: string;
  readonly route: string;
  readonly status: number;
}

/** The requests of a route that had one method and one status. */
interface Outcome {
  readonly labels: RequestLabels;
  /** The same as the fields of a log line, as JSON. */
  readonly fields: string;
  /** Since the last scrape. */
  uncounted: number;
}

interface RouteJournal {
  readonly durations: RouteDurations;
  /** By status, then by method. */
  readonly outcomes: Map<number, Map<string, Outcome>>;
}

/** The methods that have a name in labels. */
export const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Records each request in the log and in the metrics. Clients cannot create metric labels: unknown methods count as OTHER.
 * It runs for every request, so what routes, methods and statuses have in common is looked up, not made anew: counters
 * and log line by prom-client and pino cost four times as much.
 */
export class RequestJournal {
  readonly #routes = new Map<string, RouteJournal>();
  readonly #durations = new RequestDurations();
  readonly #writeLine: (fields: string) => void;

  constructor(logger: Logger, registry: Registry) {
    this.#writeLine = jsonLines(logger, 'request');
    const routes = this.#routes;
    registry.registerMetric(
      new Counter<keyof RequestLabels>({
        name: 'gateway_http_requests_total',
        help: 'Requests answered, by method, route template and status',
        labelNames: ['method', 'route', 'status'],
        registers: [],
        collect() {
          for (const { outcomes } of routes.values())
            for (const byMethod of outcomes.values())
              for (const outcome of byMethod.values()) {
                if (outcome.uncounted > 0) this.inc({ ...outcome.labels }, outcome.uncounted);
                outcome.uncounted = 0;
              }
        },
      }),
    );
    registry.registerMetric(this.#durations);
  }

  record(record: RequestRecord): void {
    const { requestId, durationMs, network } = record;
    const route = this.#routes.get(record.route) ?? this.#addRoute(record.route);
    route.durations.observe(durationMs / 1000);
    const outcome =
      route.outcomes.get(record.status)?.get(record.method) ?? addOutcome(route, record);
    outcome.uncounted += 1;
    const rounded = Math.round(durationMs * 100) / 100;
    this.#writeLine(
      `,"requestId":${jsonOf(requestId)}${outcome.fields},"durationMs":${rounded},"network":"${network}"`,
    );
  }

  #addRoute(route: string): RouteJournal {
    const added = { durations: this.#durations.of(route), outcomes: new Map() };
    this.#routes.set(route, added);
    return added;
  }
}

function addOutcome(journal: RouteJournal, { method, route, status }: RequestRecord): Outcome {
  const known = METHODS.has(method) ? method : 'OTHER';
  const byMethod = journal.outcomes.get(status) ?? new Map<string, Outcome>();
  journal.outcomes.set(status, byMethod);
  const labels = { method: known, route, status };
  const outcome = byMethod.get(known) ?? {
    labels,
    fields: `,"method":"${known}","route":${JSON.stringify(route)},"status":${status}`,
    uncounted: 0,
  };
  byMethod.set(known, outcome);
  return outcome;
}

/** The id has no control characters: requestIdOf() takes printable ones only. */
function jsonOf(id: string): string {
  return id.includes('"') || id.includes('\\') ? JSON.stringify(id) : `"${id}"`;
}
