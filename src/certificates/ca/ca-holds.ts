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

// Statements and no entity: FIND runs before every order, and PLACE computes with the present row. All use the
// database's clock.
const FIND: Statement = {
  name: 'ca_holds_find',
  text: `
    select reason, scope, ceil(extract(epoch from until - now()))::int as "secondsLeft"
    from ca_holds where ca = $1 and scope = any($2) and until > now()
    order by until desc limit 1`,
};

// Failures while a hold lasts count as one. A hold never becomes shorter.
const PLACE: Statement = {
  name: 'ca_holds_place',
  text: `
    insert into ca_holds as known (ca, scope, reason, failures, until)
    values ($1, $2, $3, 1, now() + make_interval(secs => coalesce($4::float8, $5::float8)))
    on conflict (ca, scope) do update set
      reason = excluded.reason,
      failures = known.failures + (known.until <= now())::int,
      until = greatest(known.until, now() + make_interval(secs =>
        coalesce($4::float8, least($5::float8 * power(2, least(known.failures, 10)), $6::float8))))
    returning ceil(extract(epoch from until - now()))::int as "secondsLeft"`,
};

const CLEAR: Statement = {
  name: 'ca_holds_clear',
  text: `delete from ca_holds where ca = $1 and scope = 'all' and until <= now()`,
};

/** Without a Retry-After: the first hold, doubled with each further failure up to the longest. */
const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 600;

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

  /** @returns the length of the hold in seconds */
  async place(ca: string, hold: NewHold): Promise<number> {
    const { scope, reason, seconds } = hold;
    const [row] = await this.statements.run<{ secondsLeft: number }>(PLACE, [
      ca,
      scope,
      reason,
      seconds,
      FIRST_SECONDS,
      LONGEST_SECONDS,
    ]);
    return row?.secondsLeft ?? FIRST_SECONDS;
  }

  /** Forgets the CA's failures, once it has issued again. */
  async clear(ca: string): Promise<void> {
    await this.statements.run(CLEAR, [ca]);
  }
}
