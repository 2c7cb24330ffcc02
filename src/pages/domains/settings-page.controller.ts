import { Get, Param, Post } from '@nestjs/common';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { actorOf } from './domain-caller.js';
import { ExtidPipe } from './extid.pipe.js';
import { livePage } from './live-page.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { SettingsPage } from './views/domain-forms.js';

/** `/domains/ID/settings`: what visitors without an account may do on the domain. */
@AccountPages('domains/:id/settings', 'domains')
export class SettingsPageController {
  constructor(private readonly domains: DomainsService) {}

  @Get()
  @Limited('account read')
  async show(
    @CurrentVisit() { caller, frame }: Visit,
    @Param('id', ExtidPipe) extid: string,
  ): Promise<Page> {
    const domain = await this.domains.get(accountOf(caller).id, extid);
    return livePage(frame, SettingsPage, {
      name: domain.displayName,
      path: `/domains/${extid}`,
      isHomepageEnabled: domain.homepageEnabled,
      isApiEnabled: domain.apiEnabled,
    });
  }

  @Post()
  @Limited('domain change')
  @SameOriginOnly()
  async save(
    @CurrentVisit() { caller }: Visit,
    @Param('id', ExtidPipe) extid: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    // A box that is not ticked is not sent.
    const toggles = {
      homepageEnabled: sent.get('homepage') !== null,
      apiEnabled: sent.get('api') !== null,
    };
    await this.domains.configure(accountOf(caller).id, extid, toggles, actorOf(caller));
    return seeOther(`/domains/${extid}`);
  }
}
