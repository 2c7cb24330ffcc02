import { Counter, Gauge, type Registry } from 'prom-client';
import type { BodyBudget } from '../region/body-budget.js';

/** How much of the process's memory for request bodies is in use, and what it has refused. */
export function registerBodyMetrics(registry: Registry, budget: BodyBudget): void {
  registry.registerMetric(
    new Gauge({
      name: 'gateway_body_bytes',
      help: 'Memory that request bodies hold now, over all regions of the process',
      registers: [],
      collect() {
        this.set(budget.bytes);
      },
    }),
  );
  registry.registerMetric(
    new Counter({
      name: 'gateway_refused_bodies_total',
      help: 'Request bodies that were not read to their end, by reason: all, network (memory), late (too slow)',
      labelNames: ['reason'],
      registers: [],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(budget.refused)) this.inc({ reason }, count);
      },
    }),
  );
}
