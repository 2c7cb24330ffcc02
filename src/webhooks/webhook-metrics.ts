import { Inject, Injectable, Optional } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { CellConfig } from '../config/cell-config.js';
import { DeliveryQueue } from './delivery-queue.js';

const RESULTS = ['delivered', 'postponed', 'failed'] as const;
type Result = (typeof RESULTS)[number];

/** What becomes of the events for webhooks. The database is asked for the queue when it is scraped. */
@Injectable()
export class WebhookMetrics {
  readonly #results: Counter<'result'>;

  constructor(
    registry: Registry,
    queue: DeliveryQueue,
    @Optional() @Inject(CellConfig) cell?: Pick<CellConfig, 'role'>,
  ) {
    this.#results = new Counter({
      name: 'gateway_webhook_deliveries_total',
      help: 'Attempts to send an event to a webhook, by their result',
      labelNames: ['result'],
      registers: [registry],
    });
    for (const result of RESULTS) this.#results.inc({ result }, 0);
    // Its login cannot read the queue.
    if (cell?.role === 'serve') return;
    const late = new Gauge({
      name: 'gateway_webhook_late_seconds',
      help: 'How long the webhook that has waited longest has been due',
      registers: [],
    });
    const waiting = new Gauge({
      name: 'gateway_webhooks_waiting',
      help: 'Webhooks that are due and wait, up to 5000; NaN when the database cannot be asked',
      registers: [],
      async collect() {
        const standing = await queue
          .standing()
          .catch(() => ({ waiting: Number.NaN, lateSeconds: Number.NaN }));
        this.set(standing.waiting);
        late.set(standing.lateSeconds);
      },
    });
    registry.registerMetric(waiting);
    registry.registerMetric(late);
  }

  count(result: Result): void {
    this.#results.inc({ result });
  }
}
