import { Get, HttpCode, Param, Post } from '@nestjs/common';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { DomainTransfers } from '../../domains/moves/domain-transfers.js';
import type { Region } from '../../config/region.js';
import { DomainSettings } from '../../domains/domain-settings.js';
import { openMove } from '../../setup/setup-view.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { DomainsService } from '../../domains/domains.service.js';
import { isProven } from '../../domains/ownership.js';
import { Limited } from '../../limits/limited.decorator.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { actorOf } from './domain-caller.js';
import { ExtidPipe } from './extid.pipe.js';
import { livePage } from './live-page.js';
import { TransferPage } from './views/transfer-pages.js';

/** `/domains/ID/transfer`: the code that gives a domain to another account. */
@AccountPages('domains/:id/transfer', 'domains')
export class TransferPageController {
  constructor(
    private readonly domains: DomainsService,
    private readonly transfers: DomainTransfers,
    private readonly settings: DomainSettings,
  ) {}

  @Get()
  @FreshSignIn('browsers')
  @Limited('account read')
  show(@CurrentVisit() visit: Visit, @Param('id', ExtidPipe) extid: string): Promise<Page> {
    return this.#page(visit, extid);
  }

  /** The answer is the page itself: the code is shown this once, and only a hash of it is stored. */
  @Post()
  @FreshSignIn('browsers')
  @HttpCode(200)
  @Limited('domain change')
  @SameOriginOnly()
  async offer(
    @CurrentVisit() visit: Visit,
    @Param('id', ExtidPipe) extid: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { caller } = visit;
    const region = sent.get('region') as Region | null;
    const { offers } = this.transfers;
    const { id } = accountOf(caller);
    const { code } = await offers.offer(id, extid, actorOf(caller), region);
    return this.#page(visit, extid, code);
  }

  @Post('cancel')
  @Limited('domain change')
  @SameOriginOnly()
  async cancel(
    @CurrentVisit() { caller }: Visit,
    @Param('id', ExtidPipe) extid: string,
  ): Promise<Page> {
    await this.transfers.cancel(accountOf(caller).id, extid, actorOf(caller));
    return seeOther(`/domains/${extid}`);
  }

  async #page({ caller, frame }: Visit, extid: string, made?: string): Promise<Page> {
    const domain = await this.domains.get(accountOf(caller).id, extid);
    const offer = (await this.transfers.offers.openOf([domain.id])).get(domain.id) ?? null;
    const others = await this.domains.otherNames(domain.accountId, [domain]);
    const moving = (await this.transfers.moves.ofDomains([domain.id])).get(domain.id) ?? null;
    const { region, fleet } = this.settings;
    const props = {
      name: domain.displayName,
      path: `/domains/${extid}`,
      isProven: isProven(domain),
      other: others.own.get(domain.hostname) ?? null,
      offer,
      move: openMove(moving),
      regions: [region, ...fleet.filter((other) => other !== region)],
      made,
    };
    return livePage(frame, TransferPage, props);
  }
}
