import { Inject, Injectable, Optional } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { CellConfig } from '../config/cell-config.js';
import { MailStore, type MailEnd } from './mail.store.js';

const RESULTS = ['sent', 'failed', 'unconfirmed', 'postponed'] as const;
export type MailResult = MailEnd | 'postponed';

/** What becomes of the mails. The database is asked for the queue when it is scraped, so all replicas say the same. */
@Injectable()
export class MailMetrics {
  readonly #results: Counter<'result'>;

  constructor(
    registry: Registry,
    store: MailStore,
    @Optional() @Inject(CellConfig) cell?: Pick<CellConfig, 'role'>,
  ) {
    this.#results = new Counter({
      name: 'gateway_mails_total',
      help: 'Attempts to send a mail, by their result',
      labelNames: ['result'],
      registers: [registry],
    });
    for (const result of RESULTS) this.#results.inc({ result }, 0);
    // Its login cannot read the queue.
    if (cell?.role === 'serve') return;
    let standing = { waiting: Number.NaN, oldestSeconds: Number.NaN };
    const waiting = new Gauge({
      name: 'gateway_mails_waiting',
      help: 'Mails that are queued, up to 5000; NaN when the database cannot be asked',
      registers: [],
      async collect() {
        standing = await store
          .standing()
          .catch(() => ({ waiting: Number.NaN, oldestSeconds: Number.NaN }));
        this.set(standing.waiting);
        oldest.set(standing.oldestSeconds);
      },
    });
    const oldest = new Gauge({
      name: 'gateway_oldest_mail_seconds',
      help: 'How long ago the oldest mail that waits was queued',
      registers: [],
    });
    registry.registerMetric(waiting);
    registry.registerMetric(oldest);
  }

  count(result: MailResult): void {
    this.#results.inc({ result });
  }
}
