import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { LIMITS, type Limit, type LimitName } from '../config/limits.js';
import { Statements } from '../database/statements.js';
import { boundedCache } from '../shared/bounded-cache.js';
import { AppError, type Attempts } from '../shared/app-error.js';
import { SECOND } from '../shared/durations.js';
import { COUNT } from './counter-statements.js';
import { FixedWindows, type Usage } from './fixed-windows.js';
import { LimitKeys } from './limit-keys.js';

/** Something that is counted under a limit: `subject` is a network, an account, a domain. */
export interface Charge {
  readonly limit: LimitName;
  readonly subject: string;
}

/** Where the charged subject stands under one limit. */
export interface Standing extends Usage, Limit {
  readonly limit: LimitName;
}

/** A limit that somebody has used up. */
export interface UsedUp extends Usage {
  readonly limit: LimitName;
  readonly subject: string;
}

const REFUSED_MAX = 20_000;

/** Counts what is charged, and says where the charged stand. */
@Injectable()
export class RateLimits {
  readonly #memory = new Map<LimitName, FixedWindows>();
  /** Windows of the database that are used up: those who go on get their refusal without a query. */
  readonly #usedUp = boundedCache<string, { readonly used: number; readonly endsAt: number }>(
    REFUSED_MAX,
  );

  constructor(
    private readonly config: CellConfig,
    private readonly statements: Statements,
    private readonly keys: LimitKeys,
  ) {}

  /** Whether nothing is counted here. */
  get areOff(): boolean {
    return this.config.limits === null;
  }

  /**
   * Counts each charge once; in the database all in one statement.
   * @returns the standing with the least left; null when nothing is charged, or limits are off
   */
  async charge(charges: readonly Charge[]): Promise<Standing | null> {
    const { limits } = this.config;
    if (limits === null || charges.length === 0) return null;
    const inMemory = charges.filter(({ limit }) => LIMITS[limit].kept === 'memory');
    const tightest = this.chargeMemory(inMemory);
    if (tightest !== null && isExceeded(tightest)) return tightest;
    const inDatabase = charges.filter(({ limit }) => LIMITS[limit].kept === 'database');
    const known = this.#knownRefusal(inDatabase);
    if (known !== null) return known;
    return tighter([...(tightest ? [tightest] : []), ...(await this.#count(inDatabase))]);
  }

  /** Counts each charge once. @throws AppError `rate_limited` */
  async spend(charges: readonly Charge[]): Promise<void> {
    const standing = await this.charge(charges);
    if (standing !== null && isExceeded(standing))
      throw rateLimited(standing.resetsIn, { made: standing.burst, max: standing.burst });
  }

  /** charge() for limits that are kept in memory, in their order, up to the first that is exceeded. */
  chargeMemory(charges: readonly Charge[]): Standing | null {
    const { limits } = this.config;
    if (limits === null) return null;
    const standings: Standing[] = [];
    for (const { limit, subject } of charges) {
      const usage = this.#windowsOf(limit).add(subject, limits[limit].seconds);
      const standing = { limit, ...limits[limit], ...usage };
      // What a near network is refused for must not use up the wide one.
      if (isExceeded(standing)) return standing;
      standings.push(standing);
    }
    return tighter(standings);
  }

  /** Whether the subject has used up a limit in memory. Counts nothing. */
  isUsedUp({ limit, subject }: Charge): boolean {
    const { limits } = this.config;
    return limits !== null && this.#windowsOf(limit).usedOf(subject) >= limits[limit].burst;
  }

  async #count(charges: readonly Charge[]): Promise<Standing[]> {
    const { limits } = this.config;
    if (limits === null || charges.length === 0) return [];
    const keyed = charges.map((charge) => ({
      ...charge,
      key: this.keys.keyOf(charge.limit, charge.subject),
    }));
    const rows = await this.statements.run<{ key: Buffer } & Usage>(COUNT, [
      keyed.map(({ key }) => key),
      keyed.map(({ limit }) => limits[limit].seconds),
      keyed.map(({ limit }) => limit),
      keyed.map(({ limit }) => limits[limit].burst),
    ]);
    return keyed.flatMap(({ limit, subject, key }) => {
      const row = rows.find((each) => each.key.equals(key));
      if (row === undefined) return [];
      const standing = { limit, ...limits[limit], used: row.used, resetsIn: row.resetsIn };
      if (standing.used >= standing.burst) {
        const endsAt = performance.now() + standing.resetsIn * SECOND;
        this.#usedUp.set(`${limit} ${subject}`, { used: standing.used, endsAt });
      }
      return [standing];
    });
  }

  #knownRefusal(charges: readonly Charge[]): Standing | null {
    const { limits } = this.config;
    if (limits === null) return null;
    for (const { limit, subject } of charges) {
      const known = this.#usedUp.get(`${limit} ${subject}`);
      const resetsIn = ((known?.endsAt ?? 0) - performance.now()) / SECOND;
      if (known !== undefined && resetsIn > 0) {
        return { limit, ...limits[limit], used: known.used + 1, resetsIn };
      }
    }
    return null;
  }

  /** Who has used up a limit that this process counts in memory. */
  usedUpInMemory(): UsedUp[] {
    const { limits } = this.config;
    if (limits === null) return [];
    return [...this.#memory].flatMap(([limit, windows]) =>
      windows
        .open()
        .filter(({ used }) => used >= limits[limit].burst)
        .map(({ key: subject, used, resetsIn }) => ({ limit, subject, used, resetsIn })),
    );
  }

  /** Forgets in this process what was counted for the subjects with these keys. */
  forget(isLifted: (limit: LimitName, subject: string) => boolean): void {
    for (const [limit, windows] of this.#memory) {
      for (const { key } of windows.open()) if (isLifted(limit, key)) windows.delete(key);
    }
    for (const key of Array.from(this.#usedUp.keys())) {
      const [limit, ...subject] = key.split(' ');
      if (isLifted(limit as LimitName, subject.join(' '))) this.#usedUp.delete(key);
    }
  }

  #windowsOf(limit: LimitName): FixedWindows {
    const known = this.#memory.get(limit);
    if (known !== undefined) return known;
    const windows = new FixedWindows();
    this.#memory.set(limit, windows);
    return windows;
  }
}

export function isExceeded({ used, burst }: Standing): boolean {
  return used > burst;
}

/** @param attempts what the refused caller may know of the count */
export function rateLimited(resetsIn: number, attempts: Attempts): AppError {
  return new AppError('rate_limited', 'Too many requests. Please try again later.', {
    retryAfterSeconds: Math.max(1, Math.ceil(resetsIn)),
    attempts,
  });
}

/** Of several standings the one that is exceeded, else the one with the least left. */
function tighter(standings: readonly Standing[]): Standing | null {
  const [first, ...others] = standings;
  if (first === undefined) return null;
  return others.reduce((least, each) => (leftOf(each) < leftOf(least) ? each : least), first);
}

function leftOf({ burst, used }: Standing): number {
  return burst - used;
}
