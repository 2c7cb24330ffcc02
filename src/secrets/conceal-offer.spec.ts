import type { Account } from '../accounts/account.js';
import type { Caller } from '../auth/caller.js';
import { NO_POLICY, type DomainPolicy } from '../domains/domain-policy.js';
import { DAY_SECONDS } from '../shared/durations.js';
import type { CustomDomain, Tenant } from '../tenancy/tenant.js';
import { offerTo } from './conceal-offer.js';

const region = { customDomain: null } as Tenant;

function callerOn(tenant: Tenant, plan: Account['plan'] | null): Caller {
  return { tenant, account: plan && { plan } } as unknown as Caller;
}

function domain(policy: Partial<DomainPolicy>, ownerPlan: Account['plan'] = 'identity_plus') {
  const customDomain = { policy: { ...NO_POLICY, ...policy }, ownerPlan } as CustomDomain;
  return { customDomain } as Tenant;
}

describe(offerTo.name, () => {
  it.each([
    ['a guest of the region', callerOn(region, null), 7, 10_000],
    ['a basic account', callerOn(region, 'basic'), 14, 10_000],
    ['a guest on a domain', callerOn(domain({}), null), 30, 100_000],
    ['a guest on a domain whose plan has lapsed', callerOn(domain({}, 'basic'), null), 14, 10_000],
  ])('has the limits of the plan for %s', (_who, caller, days, secretBytesMax) => {
    expect(offerTo(caller)).toEqual({
      secretBytesMax,
      ttlSecondsMax: days * DAY_SECONDS,
      ttlSecondsDefault: 7 * DAY_SECONDS,
      isPassphraseRequired: false,
      passphraseLength: { min: 4, max: 128 },
    });
  });

  it('stays within the policy of the domain', () => {
    const policy = {
      ttlSecondsMax: DAY_SECONDS,
      isPassphraseRequired: true,
      passphraseLengthMin: 9,
    };
    for (const plan of [null, 'identity_plus'] as const) {
      expect(offerTo(callerOn(domain(policy), plan))).toMatchObject({
        ttlSecondsMax: DAY_SECONDS,
        ttlSecondsDefault: DAY_SECONDS,
        isPassphraseRequired: true,
        passphraseLength: { min: 9, max: 128 },
      });
    }
  });

  it('never exceeds the plan, whatever the policy says', () => {
    const policy = { ttlSecondsDefault: 30 * DAY_SECONDS, ttlSecondsMax: 30 * DAY_SECONDS };
    expect(offerTo(callerOn(domain(policy, 'basic'), null))).toMatchObject({
      ttlSecondsMax: 14 * DAY_SECONDS,
      ttlSecondsDefault: 14 * DAY_SECONDS,
    });
  });

  it('takes the policy of the domain in the link in place of the host’s', () => {
    const linked = { ...NO_POLICY, ttlSecondsDefault: 3600 };
    expect(offerTo(callerOn(region, 'identity_plus'), linked).ttlSecondsDefault).toBe(3600);
  });
});
