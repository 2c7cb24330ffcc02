import { Injectable } from '@nestjs/common';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';

/** Certificates and leases survive a smaller difference. */
const SKEW_MAX = 300 * SECOND;
const DATABASE = 'database';

/** Compares this host's clock with the database's and with those of the CAs. */
@Injectable()
export class ClockWatch {
  readonly #logger = loggerFor(ClockWatch.name);
  /** Milliseconds by which the host's clock is ahead, by the name of the other clock. */
  readonly #ahead = new Map<string, number>();
  readonly #reported = new Set<string>();

  /** @param of `database`, or a CA's name @param otherNow what the other clock says now */
  observe(of: string, otherNow: number): void {
    const ahead = this.hostNow() - otherNow;
    this.#ahead.set(of, ahead);
    if (Math.abs(ahead) <= SKEW_MAX) {
      this.#reported.delete(of);
    } else if (!this.#reported.has(of)) {
      this.#reported.add(of);
      const skewSeconds = Math.round(ahead / SECOND);
      this.#logger.warn({ clock: of, skewSeconds }, "this host's clock differs, set it by NTP");
    }
  }

  observeDatabase(otherNow: number): void {
    this.observe(DATABASE, otherNow);
  }

  /** Seconds by which the host's clock is ahead of each other clock. */
  get skews(): ReadonlyMap<string, number> {
    return new Map([...this.#ahead].map(([of, ahead]) => [of, Math.round(ahead / SECOND)]));
  }

  /** The greatest difference, also between the database and a CA; null: nothing was compared yet. */
  get worstSeconds(): number | null {
    const { skews } = this;
    const database = skews.get(DATABASE);
    const found = [...skews].flatMap(([of, ahead]) =>
      database === undefined || of === DATABASE ? [ahead] : [ahead, ahead - database],
    );
    return found.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null;
  }

  protected hostNow(): number {
    return Date.now();
  }
}
