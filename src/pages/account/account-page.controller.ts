import { Controller, Get, Post, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Sessions } from '../../accounts/sessions/sessions.service.js';
import { AccountSettings } from '../../accounts/settings/account-settings.js';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { actingOf } from '../../auth/acting.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { clearSessionCookie } from '../../auth/session-cookie.js';
import { CellConfig } from '../../config/cell-config.js';
import { Limited } from '../../limits/limited.decorator.js';
import { namedLanguage } from '../../shared/visitor-language.js';
import { accountOf } from '../frame/account-of.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { planOffer } from '../frame/plan-offer.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { AccountOverview } from './account-overview.js';
import { AccountPage } from './views/account-page.js';
import { ClosedPage } from './views/closing-page.js';

/** `/account`: what the account is and has, what is mailed to it, and the way out. */
@Controller()
@RegionHostOnly()
@UseInterceptors(PageInterceptor)
export class AccountPageController {
  constructor(
    private readonly overview: AccountOverview,
    private readonly settings: AccountSettings,
    private readonly sessions: Sessions,
    private readonly config: CellConfig,
  ) {}

  @Get('account')
  @AccountRequired()
  @Scoped('read')
  @Limited('account read')
  async show(@CurrentVisit() { caller, frame }: Visit): Promise<Page> {
    const overview = await this.overview.of(accountOf(caller));
    const offer = overview.limits.domainsMax > 0 ? null : planOffer(this.config.upgradeUrl);
    return pageOf(frame, AccountPage, { ...overview, offer });
  }

  /** What is mailed to the account's address, and in which language. */
  @Post('account')
  @AccountRequired()
  @Scoped('account')
  @Limited('account change')
  @SameOriginOnly()
  async change(@CurrentVisit() { caller }: Visit, @PageForm() sent: SentForm): Promise<Page> {
    // A box that is not ticked is not sent.
    const notices = sent.get('notices') !== null;
    const language = namedLanguage(sent.get('language'));
    const { actor } = actingOf(caller);
    await this.settings.change(accountOf(caller), { language, notices }, actor);
    return seeOther('/account');
  }

  /** Where a closing leads: nobody is signed in then. */
  @Get('account/closed')
  @Scoped('any')
  closed(@CurrentVisit() { frame }: Visit): Page {
    return pageOf(frame, ClosedPage, {});
  }

  @Post('sign-out')
  @Scoped('account')
  @SameOriginOnly()
  async signOut(
    @CurrentVisit() { caller }: Visit,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    if (caller.session !== null) await this.sessions.signOut(caller.session);
    clearSessionCookie(reply);
    return seeOther('/sign-in');
  }
}
