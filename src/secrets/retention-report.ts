import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { PLANS } from '../accounts/plans.js';
import { type Statement, Statements } from '../database/statements.js';
import { MINUTE, SECOND } from '../shared/durations.js';

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
  /** How long ago the oldest ciphertext that is still stored was made, in seconds; 0: there is none. */
  readonly oldestSeconds: number;
  /** When all that had expired was last deleted. */
  readonly purgedAt: Date;
  readonly measuredAt: Date;
}

interface Measured extends Omit<Retention, 'oldestSeconds'> {
  readonly oldest: Date | null;
}

// Reads every partition: a day's partition also holds rows that expire on another day by the database's clock.
// The indexes of each give its oldest expiry and its oldest row. Entries of rows that are gone stand in front of these: those
// before $1 are left out.
const MEASURE: Statement = {
  name: 'retention_measure',
  text: `
    select now() as "measuredAt", (select purged_at from purges) as "purgedAt",
      coalesce(extract(epoch from now() -
        (select min(expires_at) from secrets where expires_at <= now())), 0)::float8
        as "oldestExpiredSeconds",
      (select min(created_at) from secrets where created_at >= $1) as oldest`,
};

/** Tells how late the deletion of expired secrets is. One measurement every ten seconds, whoever asks and however often. */
@Injectable()
export class RetentionReport {
  #last: Promise<Retention> | null = null;
  #before: Measured | null = null;
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
      'gateway_oldest_ciphertext_seconds',
      'How long ago the oldest ciphertext still stored was made; 0 when there is none, NaN when the database cannot be asked.',
      ({ oldestSeconds }) => oldestSeconds,
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
    const before = this.#before;
    // New rows are younger than any that were there, but for statements that were under way: the oldest never becomes older.
    const oldestThen = before?.oldest ?? before?.measuredAt;
    const since = oldestThen ? new Date(oldestThen.getTime() - MINUTE) : '-infinity';
    const [row] = await this.statements.run<Measured>(MEASURE, [since]);
    if (row === undefined) throw new Error('a select without a table has one row');
    // A clock that was set back makes rows that are older.
    this.#before = before !== null && row.measuredAt < before.measuredAt ? null : row;
    const { oldest, ...rest } = row;
    const age = oldest === null ? 0 : row.measuredAt.getTime() - oldest.getTime();
    return { ...rest, oldestSeconds: Math.max(0, age / SECOND) };
  }
}
