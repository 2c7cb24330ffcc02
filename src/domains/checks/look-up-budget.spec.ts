import type { AccountId } from '../../accounts/account.js';
import { LOOK_UPS_BURST, LookUpBudget } from './look-up-budget.js';

const ann = 'ann' as AccountId;
const bob = 'bob' as AccountId;

function spend(budget: LookUpBudget, account: AccountId): number {
  for (let count = 0; count <= 10 * LOOK_UPS_BURST; count += 1) {
    try {
      budget.charge(account);
    } catch {
      return count;
    }
  }
  throw new Error('the budget has no end');
}

describe(LookUpBudget.name, () => {
  it('ends after a burst, for each account alone, and says when to come back', () => {
    const budget = new LookUpBudget(() => 0);
    expect(spend(budget, ann)).toBe(LOOK_UPS_BURST);
    expect(() => budget.charge(ann)).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 1 }),
    );
    expect(spend(budget, bob)).toBe(LOOK_UPS_BURST);
  });

  it('grows by one each second, up to the burst', () => {
    let now = 0;
    const budget = new LookUpBudget(() => now);
    spend(budget, ann);
    now = 3000;
    expect(spend(budget, ann)).toBe(3);
    now = 1_000_000;
    expect(spend(budget, ann)).toBe(LOOK_UPS_BURST);
  });
});
