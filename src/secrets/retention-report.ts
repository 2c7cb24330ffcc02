import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { PLANS } from '../accounts/plans.js';
import { type Statement, Statements } from '../database/statements.js';
import { SECOND } from '../shared/durations.js';

/** Whoever asks within this time gets the same report. */
const FRESH_FOR = 10 * SECOND;

/** What is promised: a ciphertext is deleted so many seconds after its expiry, at the latest. */
export const DELETED_WITHIN_SECONDS = 60;
/** The longest time to live of any plan. */
export const KEPT_AT_MOST_SECONDS = Math.max(
  ...Object.values(PLANS).map(({ ttlSecondsMax }) => ttlSecondsMax),
);

/** How the promise is kept. */
export interface Retention {
  /** How long ago the oldest ciphertext that is still stored has expired; 0 when none has. */
  readonly oldestExpiredSeconds: number;
  /** When all that had expired was last deleted. */
  readonly purgedAt: Date;
  readonly measuredAt: Date;
}

// Reads every partition: a day's partition also holds rows that expire on another day by the database's clock.
// The index of each gives its oldest expiry.
const MEASURE: Statement = {
  name: 'retention_measure',
  text: `
    select now() as "measuredAt", (select purged_at from purges) as "purgedAt",
      coalesce(extract(epoch from now() - min(expires_at)), 0)::float8 as "oldestExpiredSeconds"
    from secrets where expires_at <= now()`,
};

/** Tells how late the deletion of expired secrets is. One measurement every ten seconds, whoever asks and however often. */
@Injectable()
export class RetentionReport {
  #last: Promise<Retention> | null = null;
  /** By performance.now(). */
  #dueAt = -Infinity;

  constructor(
    private readonly statements: Statements,
    registry: Registry,
  ) {
    const gauge = (name: string, help: string, value: (retention: Retention) => number): void => {
      const collect = async (): Promise<void> => {
        measured.set(await this.retention().then(value, () => Number.NaN));
      };
      // Measured when it is scraped: a job that does not run must not keep its last good value.
      const measured: Gauge = new Gauge({ name, help, registers: [], collect });
      registry.registerMetric(measured);
    };
    gauge(
      'gateway_oldest_expired_ciphertext_seconds',
      'How long ago the oldest ciphertext still stored has expired; 0 when there is none, NaN when the database cannot be asked.',
      ({ oldestExpiredSeconds }) => oldestExpiredSeconds,
    );
    gauge(
      'gateway_last_purge_timestamp_seconds',
      'When all secrets that had expired were last deleted, by the database’s clock',
      ({ purgedAt }) => purgedAt.getTime() / SECOND,
    );
  }

  /** @throws AppError `unavailable` when the database cannot be asked; the next caller asks it again */
  retention(): Promise<Retention> {
    const now = performance.now();
    if (this.#last === null || now >= this.#dueAt) {
      this.#dueAt = now + FRESH_FOR;
      this.#last = this.#measure().catch((error: unknown) => {
        this.#dueAt = -Infinity;
        throw error;
      });
    }
    return this.#last;
  }

  async #measure(): Promise<Retention> {
    const [row] = await this.statements.run<Retention>(MEASURE, []);
    if (row === undefined) throw new Error('an aggregate has one row');
    return row;
  }
}
