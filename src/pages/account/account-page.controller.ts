import { Controller, Get, Post, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PLANS } from '../../accounts/plans.js';
import { Sessions } from '../../accounts/sessions/sessions.service.js';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { clearSessionCookie } from '../../auth/session-cookie.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { AccountSecurity } from './account-security.js';
import { AccountPage } from './views/account-page.js';

/** `/account`: what the account is, and the way out. */
@Controller()
@RegionHostOnly()
@UseInterceptors(PageInterceptor)
export class AccountPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly sessions: Sessions,
    private readonly security: AccountSecurity,
  ) {}

  @Get('account')
  @AccountRequired()
  @Scoped('read')
  @Limited('account read')
  async show(@CurrentVisit() { caller, frame }: Visit): Promise<Page> {
    const { id, email, plan } = accountOf(caller);
    const [{ count }, security] = await Promise.all([
      this.domains.list(id, { state: null, limit: 1, cursor: null }),
      this.security.factsOf(id),
    ]);
    const { domainsMax } = PLANS[plan];
    return pageOf(frame, AccountPage, { email, plan, domainCount: count, domainsMax, security });
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
