import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { isExceeded, RateLimits } from '../../limits/rate-limits.js';
import { AppError } from '../../shared/app-error.js';
import { SECOND } from '../../shared/durations.js';
import { FairLine } from '../../shared/fair-line.js';

/** At once, for one account. A look takes some seconds at most, and a person has one or two running. */
export const LOOKS_AT_ONCE = 8;
/** At once, for all accounts of the cell: each look has some thirty sockets open. */
export const LOOKS_AT_ONCE_IN_ALL = 32;
const WAITING_MAX = 64;
const WAIT_MAX = 5 * SECOND;
const RETRY_AFTER_SECONDS = 2;

/**
 * How often, and how many at once, an account, or whoever has a link to the set-up of its claim, may make this process look at name servers and addresses that are not ours:
 * claims, `verify` and dry runs share the limit DOMAIN_LOOKS, since each of them sends some thirty queries and a probe to
 * whatever the caller names. Without limits (`GATEWAY_LIMITS=off`) there is no bound.
 */
@Injectable()
export class LookUpBudget {
  readonly #running = new Map<string, number>();
  readonly #line = new FairLine({
    places: LOOKS_AT_ONCE_IN_ALL,
    lanes: [{ waitingMax: WAITING_MAX, perKeyMax: LOOKS_AT_ONCE }],
    waitMaxMs: WAIT_MAX,
    busyMessage: 'Too many domains are being checked right now. Please try again.',
  });

  constructor(
    private readonly config: CellConfig,
    private readonly limits: RateLimits,
  ) {}

  /** For a look that comes later by itself. Throws AppError `rate_limited` when the account has used its budget up. */
  charge(account: string): void {
    const standing = this.limits.chargeMemory([{ limit: 'DOMAIN_LOOKS', subject: account }]);
    if (standing === null || !isExceeded(standing)) return;
    throw tooMany('Too many claims, dry runs and checks of your domains.', standing.resetsIn);
  }

  /**
   * Charges the account and runs `look`.
   * @throws AppError `rate_limited` when the budget is used up or too many looks of the account are running, `busy` when
   * too many of all accounts are
   */
  async run<Result>(account: string, look: () => Promise<Result>): Promise<Result> {
    if (this.config.limits === null) return look();
    const running = this.#running.get(account) ?? 0;
    if (running >= LOOKS_AT_ONCE)
      throw tooMany('Too many checks of your domains at once.', RETRY_AFTER_SECONDS);
    this.charge(account);
    this.#running.set(account, running + 1);
    try {
      await this.#line.enter(account);
      try {
        return await look();
      } finally {
        this.#line.leave();
      }
    } finally {
      this.#end(account);
    }
  }

  #end(account: string): void {
    const running = (this.#running.get(account) ?? 1) - 1;
    if (running > 0) this.#running.set(account, running);
    else this.#running.delete(account);
  }
}

function tooMany(what: string, seconds: number): AppError {
  return new AppError('rate_limited', `${what} Please wait a moment.`, {
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  });
}
