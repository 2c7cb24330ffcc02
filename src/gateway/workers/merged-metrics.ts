import { AggregatorRegistry, type Aggregator } from 'prom-client';
import type { MetricValues } from '../ops-answers.js';

/** Gauges of the process: together the workers have their sum. Every other gauge of ours says what the database says. */
const ADDED_UP: ReadonlySet<string> = new Set([
  'gateway_body_bytes',
  'gateway_database_pool_limit',
  'gateway_database_pool_size',
  'gateway_database_pool_idle',
  'gateway_database_pool_waiting',
  'gateway_database_pool_line',
  'gateway_setup_streams',
  'gateway_workers',
]);

/** Where the least of what the workers say is the one to act on. */
const LEAST: ReadonlySet<string> = new Set([
  'gateway_ca_limit_left',
  'gateway_certificate_earliest_expiry_timestamp_seconds',
  'gateway_descriptors_left',
]);

/** The values of all workers, to be aggregated. What the database says is not counted once for each worker. */
export function toAggregate(metrics: readonly MetricValues[]): MetricValues[] {
  return metrics.map((values) =>
    values.map((metric) =>
      isGauge(metric) && metric.name.startsWith('gateway_')
        ? { ...metric, aggregator: aggregatorOf(metric.name) }
        : metric,
    ),
  );
}

/**
 * What workers that have ended have counted. Counters must not fall when a worker ends, or its end would look like a
 * restart of them all.
 */
export class EndedCounts {
  #parts: MetricValues[] = [];
  #isMerging = false;

  /** @param metrics the last values of a worker that has ended */
  add(metrics: readonly MetricValues[]): void {
    this.#parts.push(...metrics.map((values) => values.filter((metric) => !isGauge(metric))));
    if (!this.#isMerging) void this.#merge();
  }

  get values(): readonly MetricValues[] {
    return this.#parts;
  }

  /** So that the values of a thousand workers take the memory of one. */
  async #merge(): Promise<void> {
    this.#isMerging = true;
    const merged = [...this.#parts];
    const sum = await AggregatorRegistry.aggregate(merged).getMetricsAsJSON();
    this.#parts = [sum, ...this.#parts.slice(merged.length)];
    this.#isMerging = false;
  }
}

/** prom-client calls the types by name at run time, and by number in its types. */
function isGauge({ type }: MetricValues[number]): boolean {
  return String(type) === 'gauge';
}

function aggregatorOf(name: string): Aggregator {
  if (ADDED_UP.has(name)) return 'sum';
  return LEAST.has(name) ? 'min' : 'max';
}
