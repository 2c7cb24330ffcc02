import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { LIMIT_NAMES, type LimitName } from '../config/limits.js';
import { DueLoop } from '../database/due-loop.js';
import { Statements, type Statement } from '../database/statements.js';
import { LimitKeys } from './limit-keys.js';
import { RateLimits } from './rate-limits.js';

const EVERY = 2000;
const LIMITED_MAX = 1000;

/** Somebody who is limited: only the keyed hash of who. */
export interface Limited {
  readonly limit: LimitName;
  readonly key: string;
  readonly used: number;
  readonly resetsInSeconds: number;
  /** Whether it is counted for the whole region, or by this process alone. */
  readonly scope: 'region' | 'process';
}

/** What is counted anew: for subjects, whatever the limit, and for keys of Limited. */
export interface Lift {
  readonly subjects: readonly string[];
  readonly keys?: readonly string[];
}

// PASSPHRASE_SLOW refuses nobody by itself, and every guess uses it up.
const USED_UP: Statement = {
  name: 'limits_used_up',
  text: `
    select limit_name as "limit", key, used,
      extract(epoch from resets_at - now())::float8 as "resetsIn"
    from rate_limits
    where is_used_up and resets_at > now() and limit_name <> 'PASSPHRASE_SLOW'
    order by resets_at desc limit ${LIMITED_MAX}`,
};

const LIFT: Statement = {
  name: 'limits_lift',
  text: `
    with lifted as (insert into limit_lifts (key) select unnest($1::bytea[]) returning id),
    forgotten as (
      delete from rate_limits where key = any($1::bytea[]) or network_key = any($1::bytea[])
      returning 1
    )
    select (select count(*) from forgotten)::int as count,
      array(select id::text from lifted) as ids`,
};

// Longer than several rounds: rows do not become visible in the order of their id.
const RECENT: Statement = {
  name: 'limits_lifts_recent',
  text: `select id, key from limit_lifts where at > now() - interval '1 minute' order by at`,
};

interface CountedRow {
  readonly limit: LimitName;
  readonly key: Buffer;
  readonly used: number;
  readonly resetsIn: number;
}

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
  /** The lifts of the last minute that this process has applied. */
  readonly #applied = new Set<string>();

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

  /**
   * The most used first: of the database, whoever counted it, and of this process' memory. At most 1,000 of each, in the
   * database those with the longest wait.
   */
  async limited(): Promise<Limited[]> {
    const inRegion = await this.statements.run<CountedRow>(USED_UP, []);
    const inMemory = this.limits.usedUpInMemory().map(({ subject, ...usage }) => ({
      ...usage,
      key: this.keys.keyOf(usage.limit, subject),
    }));
    return [
      ...inRegion.map((row) => toLimited(row, 'region')),
      ...inMemory.map((row) => toLimited(row, 'process')).slice(0, LIMITED_MAX),
    ].toSorted((one, other) => other.used - one.used);
  }

  /**
   * Forgets what was counted, in the database at once, in each process within seconds. Resolves to how many counters of
   * the database were deleted. A network's guesses at passphrases are its own, whatever the secret.
   */
  async lift({ subjects, keys: named = [] }: Lift): Promise<number> {
    const ofSubjects = LIMIT_NAMES.flatMap((limit) =>
      subjects.map((subject) => this.keys.keyOf(limit, subject)),
    );
    const keys = [...ofSubjects, ...named.map((key) => Buffer.from(key, 'hex'))];
    const [row] = await this.statements.run<{ count: number; ids: string[] }>(LIFT, [keys]);
    this.#forget(new Set(keys.map((key) => key.toString('hex'))));
    for (const id of row?.ids ?? []) this.#applied.add(id);
    return row?.count ?? 0;
  }

  /** Applies the lifts of other processes. */
  async round(): Promise<void> {
    const before = [...this.#applied];
    const rows = await this.statements.run<{ id: string; key: Buffer }>(RECENT, []);
    const fresh = rows.filter(({ id }) => !this.#applied.has(id));
    const recent = new Set(rows.map(({ id }) => id));
    // Not those that came since the statement began: the next one reads them.
    for (const id of before) if (!recent.has(id)) this.#applied.delete(id);
    for (const id of recent) this.#applied.add(id);
    if (fresh.length > 0) this.#forget(new Set(fresh.map(({ key }) => key.toString('hex'))));
  }

  /** A guess at a secret that does not exist is counted under secret and network, and the network lifts it as well. */
  #forget(keys: ReadonlySet<string>): void {
    this.limits.forget((limit, subject) =>
      namesIn(subject).some((name) => keys.has(this.keys.keyOf(limit, name).toString('hex'))),
    );
  }
}

/** The subject itself and, of a pair, the second. */
function namesIn(subject: string): string[] {
  const space = subject.lastIndexOf(' ');
  return space === -1 ? [subject] : [subject, subject.slice(space + 1)];
}

function toLimited({ limit, key, used, resetsIn }: CountedRow, scope: Limited['scope']): Limited {
  return { limit, key: key.toString('hex'), used, resetsInSeconds: Math.ceil(resetsIn), scope };
}
