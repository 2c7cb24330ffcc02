import { Injectable } from '@nestjs/common';
import { type Statement, Statements } from '../../database/statements.js';

/** What the CA must not be asked about: anything, one registrable domain, one name. */
export type HoldScope = 'all' | `domain:${string}` | `name:${string}`;

interface HoldReason {
  readonly scope: HoldScope;
  readonly reason: 'rate_limit' | 'ca_down';
}

export interface NewHold extends HoldReason {
  /** Null: the CA gave no Retry-After. The hold is then twice as long with each failure in a row. */
  readonly seconds: number | null;
}

export interface CaHold extends HoldReason {
  /** By the database's clock, rounded up. */
  readonly secondsLeft: number;
}

// Statements and no entity: FIND runs before every order, and the others compute with the present rows. All use the
// database's clock.
const FIND: Statement = {
  name: 'ca_holds_find',
  text: `
    select reason, scope, ceil(extract(epoch from until - now()))::int as "secondsLeft"
    from ca_holds where ca = $1 and scope = any($2) and until > now()
    order by until desc limit 1`,
};

// A failure of an attempt that began before the hold was placed is the same failure: it neither counts again nor makes
// the hold longer. A hold never becomes shorter.
const IS_NEW = `known.until <= now() and known.placed_at <= now() - make_interval(secs => $7::float8)`;
const PLACE: Statement = {
  name: 'ca_holds_place',
  text: `
    insert into ca_holds as known (ca, scope, reason, failures, until, is_stated)
    values ($1, $2, $3, 1, now() + make_interval(secs => coalesce($4::float8, $5::float8)), $4::float8 is not null)
    on conflict (ca, scope) do update set
      reason = excluded.reason,
      failures = known.failures + (${IS_NEW})::int,
      until = greatest(known.until, case
        when $4::float8 is not null then excluded.until
        when ${IS_NEW} then now() + make_interval(secs =>
          least($5::float8 * power(2, least(known.failures, 10)), $6::float8))
        else known.until end),
      placed_at = case when ${IS_NEW} then now() else known.placed_at end,
      is_stated = $4::float8 is not null or (known.is_stated and known.until > now())
    returning ceil(extract(epoch from until - now()))::int as "secondsLeft"`,
};

// A hold for which the CA named the time stays.
const CLEAR: Statement = {
  name: 'ca_holds_clear',
  text: `
    with forgotten as (delete from ca_failures where ca = $1)
    delete from ca_holds where ca = $1 and scope = 'all' and (until <= now() or not is_stated)`,
};

const SUSPECT: Statement = {
  name: 'ca_failures_record',
  text: `
    with recorded as (
      insert into ca_failures (ca, hostname) values ($1, $2)
      on conflict (ca, hostname) do update set at = now()
    )
    select count(*)::int + 1 as names from ca_failures
    where ca = $1 and hostname <> $2 and at > now() - make_interval(secs => $3::float8)`,
};

/** Without a Retry-After: the first hold, doubled with each further failure up to the longest. */
const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 600;
/** So many different names that fail, without a success between them, are a fault of the CA. */
const SEVERAL_NAMES = 2;
const TOGETHER_SECONDS = 600;

/** Until when a CA must not be asked, in one table, so that all replicas stop together. */
@Injectable()
export class CaHolds {
  constructor(private readonly statements: Statements) {}

  /** The longest hold that covers this name at that CA. */
  async find(ca: string, hostname: string, registrableDomain: string): Promise<CaHold | null> {
    const scopes = ['all', `domain:${registrableDomain}`, `name:${hostname}`];
    const [hold] = await this.statements.run<CaHold>(FIND, [ca, scopes]);
    return hold ?? null;
  }

  /**
   * @param sinceSeconds how long ago the attempt began that failed
   * @returns the length of the hold in seconds
   */
  async place(ca: string, hold: NewHold, sinceSeconds = 0): Promise<number> {
    const { scope, reason, seconds } = hold;
    const [row] = await this.statements.run<{ secondsLeft: number }>(PLACE, [
      ca,
      scope,
      reason,
      seconds,
      FIRST_SECONDS,
      LONGEST_SECONDS,
      sinceSeconds,
    ]);
    return Math.max(row?.secondsLeft ?? FIRST_SECONDS, 0);
  }

  /** Records that the CA failed for this name. Resolves to whether it fails for several different names. */
  async suspect(ca: string, hostname: string): Promise<boolean> {
    const values = [ca, hostname, TOGETHER_SECONDS];
    const [row] = await this.statements.run<{ names: number }>(SUSPECT, values);
    return (row?.names ?? 1) >= SEVERAL_NAMES;
  }

  /** Ends the holds that follow from failures, and forgets the failures: the CA has issued. */
  async clear(ca: string): Promise<void> {
    await this.statements.run(CLEAR, [ca]);
  }
}
