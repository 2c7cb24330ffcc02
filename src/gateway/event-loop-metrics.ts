import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Aggregator, type Registry } from 'prom-client';
import { SECOND } from '../shared/durations.js';
import { observeDescriptors } from './descriptor-metrics.js';

const NANOSECONDS = 1_000_000_000;
/** A timer of prom-client that never ends: with its own, every 10 ms, an idle process wakes up 100 times a second. */
const NEVER = 2 ** 31 - 1;
const PERCENTILES = [50, 90, 99] as const;

/**
 * Node's own metrics, and the descriptors that are left. The event loop is measured when it turns, and no timer wakes up
 * an idle process for it.
 */
export function collectNodeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: NEVER });
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('nodejs_eventloop_')) registry.removeSingleMetric(name);
  registerDelays(registry);
  registerUtilization(registry);
  observeDescriptors(registry);
}

/** Under the names of prom-client, so that dashboards made for it go on. */
function registerDelays(registry: Registry): void {
  // Node before 24.21 ignores the first option: it measures a timer, whose interval is part of each value.
  const delays = monitorEventLoopDelay({ samplePerIteration: true, resolution: SECOND });
  delays.enable();
  // Collected first, since it sets the others.
  registry.registerMetric(
    new Gauge({
      name: 'nodejs_eventloop_lag_samples',
      help: 'Turns of the event loop since the last scrape: what the delays beside it are taken from',
      registers: [],
      collect() {
        this.set(delays.count);
        const interval = delays.min >= 0.9 * NANOSECONDS ? NANOSECONDS : 0;
        for (const { gauge, of } of parts)
          gauge.set(delays.count === 0 ? 0 : Math.max(0, of() - interval) / NANOSECONDS);
        delays.reset();
      },
    }),
  );
  const gaugeOf = (part: string, help: string, aggregator: Aggregator): Gauge =>
    new Gauge({
      name: `nodejs_eventloop_lag_${part}_seconds`,
      help,
      aggregator,
      registers: [registry],
    });
  const parts = [
    { gauge: gaugeOf('mean', 'The mean of the delays', 'average'), of: () => delays.mean },
    { gauge: gaugeOf('max', 'The longest delay', 'max'), of: () => delays.max },
    ...PERCENTILES.map((share) => ({
      gauge: gaugeOf(`p${share}`, `${share} % of the delays were shorter`, 'max'),
      of: () => delays.percentile(share),
    })),
  ];
}

function registerUtilization(registry: Registry): void {
  let last = performance.eventLoopUtilization();
  registry.registerMetric(
    new Gauge({
      name: 'nodejs_eventloop_utilization',
      help: 'The share of the time since the last scrape in which the event loop was busy',
      aggregator: 'average',
      registers: [],
      collect() {
        const now = performance.eventLoopUtilization();
        this.set(performance.eventLoopUtilization(now, last).utilization);
        last = now;
      },
    }),
  );
}
