import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { SetupReturns } from '../../domains/connect/setup-returns.js';
import { Limited } from '../../limits/limited.decorator.js';
import { DomainViews } from '../../setup/domain-views.js';
import { setupStepsOf } from '../../setup/setup-state.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import type { Page } from '../frame/page.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { livePage } from './live-page.js';
import { outcomeOf } from './return-outcome.js';
import { ReturnGonePage, ReturnPage } from './views/return-page.js';

/** The address has the ticket, and the DNS provider's words. */
const HEADERS = { 'referrer-policy': 'strict-origin' } as const;

/**
 * `/domain-connect/return/TICKET`: where the DNS provider sends the browser. It changes nothing but when the records are
 * looked at next, so it needs no sign-in.
 */
@Controller('domain-connect/return/:ticket')
@RegionHostOnly()
@Scoped('any')
@Limited('open')
@UseInterceptors(PageInterceptor)
export class ReturnPageController {
  constructor(
    private readonly returns: SetupReturns,
    private readonly views: DomainViews,
  ) {}

  @Get()
  async show(
    @CurrentVisit() { frame }: Visit,
    @Param('ticket') ticket: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Page> {
    const domain = await this.returns.find(ticket);
    if (domain === null)
      return livePage(frame, ReturnGonePage, {}, { status: 404, headers: HEADERS });
    const outcome = outcomeOf(query);
    await this.returns.note(domain, outcome);
    // Of the plan nothing is shown here.
    const view = await this.views.of(domain, { plan: 'identity_plus' });
    const props = {
      name: domain.displayName,
      outcome,
      steps: setupStepsOf(view),
      path: `/domains/${domain.extid}`,
    };
    return livePage(frame, ReturnPage, props, { headers: HEADERS });
  }
}
