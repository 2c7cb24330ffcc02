import { Injectable } from '@nestjs/common';
import type { Account } from '../accounts/account.js';
import { GATEWAY, type Actor } from '../accounts/activity/activity.js';
import { PLANS_WITH_DOMAINS } from '../accounts/plans.js';
import type { Domain } from '../domains/domain.js';
import type { DomainLook } from '../domains/domain-look.js';
import type { DomainPolicy } from '../domains/domain-policy.js';
import { DomainsService } from '../domains/domains.service.js';
import { AppError } from '../shared/app-error.js';
import { checkBrand } from './check-brand.js';
import { presentSettings, storedSettings, type BrandChange } from './brand-settings.js';

/** The brand of a domain, for its owner. See DomainsService for an id that is not the account's. */
@Injectable()
export class Branding {
  constructor(private readonly domains: DomainsService) {}

  /**
   * @param policy changed in the same step
   * @throws AppError `plan_required`; `invalid_request` with reason CONTRAST, and the nearest colour in `suggestion`, when
   *   people could not read something in the colours
   */
  async change(
    account: Account,
    extid: string,
    change: BrandChange,
    { policy = {}, actor = GATEWAY }: { policy?: Partial<DomainPolicy>; actor?: Actor } = {},
  ): Promise<Domain> {
    if (!PLANS_WITH_DOMAINS.includes(account.plan))
      throw new AppError('plan_required', 'The plan of the account has no custom domains.');
    const brand = (look: DomainLook): DomainLook['brand'] => {
      const settings = presentSettings(change, storedSettings(look));
      checkBrand(settings);
      return settings;
    };
    return this.domains.configure(account.id, extid, { brand, policy }, actor);
  }
}
