import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { PLANS } from '../../accounts/plans.js';
import type { PolicyFault } from '../../domains/domain-policy.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { seeOther, type Page } from '../frame/page.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { actorOf } from './domain-caller.js';
import { ExtidPipe } from './extid.pipe.js';
import { livePage } from './live-page.js';
import { readPolicyForm, typedPolicyOf, type TypedPolicy } from './policy-form.js';
import { SAVED_PARAMETER } from './views/form-parts.js';
import { PolicyPage } from './views/policy-page.js';

/** `/domains/ID/policy`: what the owner demands of every message of the domain, and who may create. */
@AccountPages('domains/:id/policy', 'domains')
export class PolicyPageController {
  constructor(private readonly domains: DomainsService) {}

  @Get()
  @Limited('account read')
  show(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @Query(SAVED_PARAMETER) saved?: unknown,
  ): Promise<Page> {
    return this.#page(visit, extid, { isSaved: saved !== undefined });
  }

  @Post()
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  async save(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { typed, switches, faults } = readPolicyForm(sent);
    if (faults.length > 0) return this.#page(visit, extid, { typed, faults });
    const { caller } = visit;
    await this.domains.configure(accountOf(caller).id, extid, switches, actorOf(caller));
    return seeOther(`/domains/${extid}/policy?${SAVED_PARAMETER}=1`);
  }

  async #page({ caller, frame }: Visit, extid: string, shown: Shown): Promise<Page> {
    const { id, plan } = accountOf(caller);
    const domain = await this.domains.get(id, extid);
    const { typed = typedPolicyOf(domain), faults = [], isSaved = false } = shown;
    const props = {
      name: domain.displayName,
      path: `/domains/${extid}`,
      regionHost: caller.tenant.hostname,
      planTtlSeconds: PLANS[plan].ttlSecondsMax,
      typed,
      faults,
      isSaved,
    };
    return livePage(frame, PolicyPage, props, { status: faults.length > 0 ? 400 : 200 });
  }
}

interface Shown {
  /** What was typed, when the form is shown again. */
  readonly typed?: TypedPolicy;
  readonly faults?: readonly PolicyFault[];
  readonly isSaved?: boolean;
}
