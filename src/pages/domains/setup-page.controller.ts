import { Get, HttpCode, Param, Post } from '@nestjs/common';
import { CertificatesService } from '../../certificates/certificates.service.js';
import { displayNameOf } from '../../domains/domain-name.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import type { DomainView } from '../../setup/domain-view.js';
import { DomainViews } from '../../setup/domain-views.js';
import { setupViewOf } from '../../setup/setup-view.js';
import { isTooSoon, tooSoonAnswer } from './check-refusal.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { livePage } from './live-page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { actorOf } from './domain-caller.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { RemovePage } from './views/domain-forms.js';
import { SetupPage, type PairLine } from './views/setup-page.js';
import { ExtidPipe } from './extid.pipe.js';

const EVENTS_SHOWN = 30;

/** `/domains/ID`: the set-up of one domain, "check now", and its removal. */
@AccountPages('domains', 'domains')
export class SetupPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly views: DomainViews,
    private readonly certificates: CertificatesService,
  ) {}

  @Get(':id')
  @Limited('account read')
  show(@CurrentVisit() visit: Visit, @Param('id', ExtidPipe) extid: string): Promise<Page> {
    return this.#page(visit, extid);
  }

  @Post(':id/check')
  @Limited('domain check')
  @SameOriginOnly()
  async check(@CurrentVisit() visit: Visit, @Param('id', ExtidPipe) extid: string): Promise<Page> {
    const { caller } = visit;
    try {
      await this.domains.verify(accountOf(caller).id, extid, actorOf(caller));
      return seeOther(`/domains/${extid}`);
    } catch (error) {
      if (!isTooSoon(error)) throw error;
      return this.#page(visit, extid, tooSoonAnswer(visit.frame.texts, error));
    }
  }

  @Get(':id/remove')
  async askToRemove(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
  ): Promise<Page> {
    return this.#removePage(visit, extid);
  }

  @Post(':id/remove')
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  async remove(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller, frame } = visit;
    const { id } = accountOf(caller);
    const { hostname } = await this.domains.get(id, extid);
    const typed = (sent.get('name') ?? '').trim().toLowerCase();
    if (typed !== hostname) return this.#removePage(visit, extid, frame.texts('remove.wrong'));
    const removed = await this.domains.remove(id, extid, actorOf(caller));
    await this.certificates.removeOf(removed, { revoke: false });
    return seeOther('/domains');
  }

  async #page(
    { caller, frame }: Visit,
    extid: string,
    refused?: ReturnType<typeof tooSoonAnswer>,
  ): Promise<Page> {
    const account = accountOf(caller);
    const domain = await this.domains.get(account.id, extid);
    const view = await this.views.forOwner(domain, account);
    const page = { limit: EVENTS_SHOWN, cursor: null };
    const { events } = await this.domains.events(account.id, extid, page);
    const props = {
      view: setupViewOf(view, events),
      pair: pairOf(view),
      path: `/domains/${extid}`,
      alert: refused?.alert,
    };
    return livePage(frame, SetupPage, props, { ...refused });
  }

  async #removePage({ caller, frame }: Visit, extid: string, alert?: string): Promise<Page> {
    const { hostname, displayName } = await this.domains.get(accountOf(caller).id, extid);
    const props = {
      name: displayName,
      hostname,
      regionHost: caller.tenant.hostname,
      path: `/domains/${extid}`,
      alert,
    };
    return livePage(frame, RemovePage, props, { status: alert === undefined ? 200 : 400 });
  }
}

function pairOf({ facts, otherName }: DomainView): PairLine | null {
  if (otherName !== null) {
    const { hostname, extid, redirects } = otherName;
    return { name: displayNameOf(hostname), id: extid, redirects };
  }
  if (facts.pairName === null) return null;
  return { name: displayNameOf(facts.pairName), id: null, redirects: null };
}
