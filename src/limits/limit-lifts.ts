import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LIMIT_NAMES, LIMITS, type LimitName } from '../config/limits.js';
import { DueLoop } from '../database/due-loop.js';
import { Statements, type Statement } from '../database/statements.js';
import { LimitKeys } from './limit-keys.js';
import { RateLimits } from './rate-limits.js';

const EVERY = 2000;

/** Somebody who is limited: only the keyed hash of who. */
export interface Limited {
  readonly limit: LimitName;
  readonly key: string;
  readonly used: number;
  readonly resetsInSeconds: number;
  readonly keptIn: 'database' | 'memory';
}

const LIFT: Statement = {
  name: 'limits_lift',
  text: `
    with lifted as (insert into limit_lifts (key) select unnest($1::bytea[])),
    forgotten as (delete from rate_limits where key = any($1::bytea[]) returning 1)
    select count(*)::int as count from forgotten`,
};

// Longer than several rounds: rows do not become visible in the order of their id.
const RECENT: Statement = {
  name: 'limits_lifts_recent',
  text: `select id, key from limit_lifts where at > now() - interval '1 minute' order by at`,
};

/**
 * Who is limited, and how the operator lifts it. A lift names keyed hashes in a table, which each process reads every two
 * seconds, because most counters are in the memory of a process.
 */
@Injectable()
export class LimitLifts implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: LimitLifts.name,
    round: () => this.round(),
    everyMs: EVERY,
  });
  #seen: ReadonlySet<string> = new Set();

  constructor(
    private readonly statements: Statements,
    private readonly keys: LimitKeys,
    private readonly limits: RateLimits,
  ) {}

  onModuleInit(): void {
    this.#loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  /** As far as this process knows, the most used first. Each process counts for itself what is kept in memory. */
  limited(): Limited[] {
    return this.limits
      .usedUp()
      .map(({ limit, subject, used, resetsIn }) => ({
        limit,
        key: this.keys.keyOf(limit, subject).toString('hex'),
        used,
        resetsInSeconds: Math.ceil(resetsIn),
        keptIn: LIMITS[limit].kept,
      }))
      .toSorted((one, other) => other.used - one.used);
  }

  /**
   * Forgets everything that was counted for these subjects, in the database at once, in each process within seconds.
   * Resolves to how many counters of the database were deleted.
   */
  async lift(subjects: readonly string[]): Promise<number> {
    const keys = LIMIT_NAMES.flatMap((limit) =>
      subjects.map((subject) => this.keys.keyOf(limit, subject)),
    );
    const [row] = await this.statements.run<{ count: number }>(LIFT, [keys]);
    this.#forget(new Set(keys.map((key) => key.toString('hex'))));
    return row?.count ?? 0;
  }

  /** Applies the lifts of other processes. */
  async round(): Promise<void> {
    const rows = await this.statements.run<{ id: string; key: Buffer }>(RECENT, []);
    const fresh = rows.filter(({ id }) => !this.#seen.has(id));
    this.#seen = new Set(rows.map(({ id }) => id));
    if (fresh.length > 0) this.#forget(new Set(fresh.map(({ key }) => key.toString('hex'))));
  }

  #forget(keys: ReadonlySet<string>): void {
    this.limits.forget((limit, subject) =>
      keys.has(this.keys.keyOf(limit, subject).toString('hex')),
    );
  }
}
