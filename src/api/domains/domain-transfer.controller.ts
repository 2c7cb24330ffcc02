import { Body, Delete, HttpCode, Param, Post } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { DomainTransfers } from '../../domains/moves/domain-transfers.js';
import { DomainSettings } from '../../domains/domain-settings.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { DomainViews } from '../../setup/domain-views.js';
import { Acting } from '../account/acting.decorator.js';
import type { DomainAnswer } from './domain-answers.js';
import { domainEnvelope } from './domain-envelopes.js';
import {
  acceptTransferSchema,
  extidSchema,
  offerSchema,
  type AcceptTransferRequest,
  type OfferRequest,
} from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { SignedIn } from './signed-in.decorator.js';
import type { CancelledTransferAnswer, NewTransferAnswer } from './transfer-answers.js';
import { presentTransfer } from './transfer-presenter.js';

/** Gives a domain to another account, of this region or of another, by a code. No idempotency keys: an answer has the code itself. */
@DomainRoutes({ isRepeatable: false })
export class DomainTransferController {
  constructor(
    private readonly transfers: DomainTransfers,
    private readonly domains: DomainsService,
    private readonly views: DomainViews,
    private readonly settings: DomainSettings,
  ) {}

  @Post(':id/transfer')
  @FreshSignIn('browsers')
  @Limited('domain change')
  async offer(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: extidSchema }) extid: string,
    @Body({ schema: offerSchema }) body: OfferRequest,
  ): Promise<NewTransferAnswer> {
    const { offer, code } = await this.transfers.offers.offer(id, extid, actor, body?.region);
    const domain = await this.domains.get(id, extid);
    const other = (await this.domains.otherNames(id, [domain])).own.get(domain.hostname) ?? null;
    return { user_id: id, transfer: { ...presentTransfer(offer, other), code } };
  }

  @Delete(':id/transfer')
  @Limited('domain change')
  async cancel(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: extidSchema }) extid: string,
  ): Promise<CancelledTransferAnswer> {
    await this.transfers.cancel(id, extid, actor);
    return { user_id: id, record: {}, message: 'The code gives nothing any more.' };
  }

  @Post('transfers')
  @Limited('transfer code')
  @HttpCode(200)
  async accept(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
    @Body({ schema: acceptTransferSchema }) { code }: AcceptTransferRequest,
  ): Promise<DomainAnswer> {
    const extid = await this.transfers.accept(account, code, actor);
    const domain = await this.domains.get(account.id, extid);
    return domainEnvelope(account, await this.views.of(domain, account), this.settings);
  }
}
