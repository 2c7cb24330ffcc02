import { Get, HttpCode, Param, Post } from '@nestjs/common';
import { SetupLinks } from '../../domains/claims/setup-links.js';
import { DomainsService } from '../../domains/domains.service.js';
import type { SetupLinkId } from '../../domains/setup-link.js';
import { Limited } from '../../limits/limited.decorator.js';
import { setupLinkUrl } from '../../setup/setup-link-url.js';
import { AppError } from '../../shared/app-error.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { livePage } from './live-page.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { actorOf } from './domain-caller.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { LinksPage } from './views/domain-forms.js';
import { ExtidPipe } from './extid.pipe.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `/domains/ID/links`: links to the set-up for the administrator of the DNS. */
@AccountPages('domains/:id/links', 'domains')
export class LinksPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly links: SetupLinks,
  ) {}

  @Get()
  @Limited('account read')
  show(@CurrentVisit() visit: Visit, @Param('id', ExtidPipe) extid: string): Promise<Page> {
    return this.#page(visit, extid, {});
  }

  /** The answer is the page itself: the link is shown this once, and is stored nowhere. */
  @Post()
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  async make(@CurrentVisit() visit: Visit, @Param('id', ExtidPipe) extid: string): Promise<Page> {
    const { caller, frame } = visit;
    try {
      const { token } = await this.links.create(accountOf(caller).id, extid, actorOf(caller));
      return await this.#page(visit, extid, { made: setupLinkUrl(caller.tenant, token) });
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== 'SETUP_LINK_LIMIT') throw error;
      return this.#page(visit, extid, { alert: frame.texts('links.limit') });
    }
  }

  @Post(':link/revoke')
  @Limited('domain change')
  @SameOriginOnly()
  async revoke(
    @CurrentVisit() { caller }: Visit,
    @Param('id', ExtidPipe) extid: string,
    @Param('link') linkId: string,
  ): Promise<Page> {
    if (!UUID.test(linkId)) throw new AppError('not_found', 'Link not found');
    const { id } = accountOf(caller);
    await this.links.revoke(id, extid, linkId as SetupLinkId, actorOf(caller));
    return seeOther(`/domains/${extid}/links`);
  }

  async #page(
    { caller, frame }: Visit,
    extid: string,
    shown: { readonly made?: string; readonly alert?: string },
  ): Promise<Page> {
    const { id } = accountOf(caller);
    const { displayName } = await this.domains.get(id, extid);
    const props = {
      name: displayName,
      path: `/domains/${extid}`,
      links: await this.links.list(id, extid),
      ...shown,
    };
    return livePage(frame, LinksPage, props, { status: shown.alert === undefined ? 200 : 400 });
  }
}
