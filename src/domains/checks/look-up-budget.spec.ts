import type { AccountId } from '../../accounts/account.js';
import type { CellConfig } from '../../config/cell-config.js';
import { DEFAULT_LIMITS, type Limits } from '../../config/limits.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { LOOKS_AT_ONCE, LOOKS_AT_ONCE_IN_ALL, LookUpBudget } from './look-up-budget.js';

const ann = 'ann' as AccountId;
const bob = 'bob' as AccountId;
const { burst } = DEFAULT_LIMITS.DOMAIN_LOOKS;

const limited = expect.objectContaining({
  code: 'rate_limited',
  retryAfterSeconds: expect.any(Number),
});

function budgetWith(limits: Limits | null = DEFAULT_LIMITS): LookUpBudget {
  const config = { limits } as CellConfig;
  // The limit is kept in memory: no statement, no key.
  return new LookUpBudget(config, new RateLimits(config, undefined as never, undefined as never));
}

function spend(budget: LookUpBudget, account: AccountId): number {
  for (let count = 0; count <= 10 * burst; count += 1) {
    try {
      budget.charge(account);
    } catch {
      return count;
    }
  }
  return Infinity;
}

/** Looks that end when `finish` is called. */
function looksOf(budget: LookUpBudget) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let running = 0;
  const look = async (): Promise<void> => {
    running += 1;
    await promise;
  };
  return {
    begin: (account: AccountId) => budget.run(account, look),
    finish: resolve,
    count: () => running,
  };
}

describe(LookUpBudget.name, () => {
  it('ends after a burst, for each account alone, and says when to come back', () => {
    const budget = budgetWith();
    expect(spend(budget, ann)).toBe(burst);
    expect(() => budget.charge(ann)).toThrow(limited);
    expect(spend(budget, bob)).toBe(burst);
  });

  it('is what GATEWAY_LIMIT_DOMAIN_LOOKS sets, and lifted with all limits', async () => {
    expect(
      spend(budgetWith({ ...DEFAULT_LIMITS, DOMAIN_LOOKS: { burst: 3, seconds: 60 } }), ann),
    ).toBe(3);
    const unlimited = budgetWith(null);
    expect(spend(unlimited, ann)).toBe(Infinity);
    const looks = looksOf(unlimited);
    const all = Array.from({ length: 2 * LOOKS_AT_ONCE_IN_ALL }, () => looks.begin(ann));
    expect(looks.count()).toBe(all.length);
    looks.finish();
    await Promise.all(all);
  });

  it('runs so many looks of an account at once, refuses more, and keeps none of them', async () => {
    const budget = budgetWith();
    const looks = looksOf(budget);
    const allowed = Array.from({ length: LOOKS_AT_ONCE }, () => looks.begin(ann));
    await expect(looks.begin(ann)).rejects.toEqual(limited);
    const other = looks.begin(bob);
    looks.finish();
    await Promise.all([...allowed, other]);
    await looks.begin(ann);
    // What was refused has cost nothing.
    expect(spend(budget, ann)).toBe(burst - LOOKS_AT_ONCE - 1);
  });

  it('runs so many of all accounts at once, and the next account waits for a place', async () => {
    const budget = budgetWith();
    const looks = looksOf(budget);
    const accounts = Array.from({ length: LOOKS_AT_ONCE_IN_ALL + 1 }, (_, at) => `account ${at}`);
    const all = accounts.map((account) => looks.begin(account as AccountId));
    await new Promise(setImmediate);
    expect(looks.count()).toBe(LOOKS_AT_ONCE_IN_ALL);
    looks.finish();
    await Promise.all(all);
    expect(looks.count()).toBe(accounts.length);
  });

  it('gives the place back when a look fails', async () => {
    const budget = budgetWith();
    for (let tries = 0; tries < LOOKS_AT_ONCE_IN_ALL + 1; tries += 1)
      await expect(budget.run(ann, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(budget.run(ann, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
