import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Limited } from '../../limits/limited.decorator.js';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { DomainSettings } from '../../domains/domain-settings.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Acting } from '../account/acting.decorator.js';
import { withUpstreamTexts } from './claim-refusal.js';
import { domainEnvelope, domainsEnvelope, eventsEnvelope } from './domain-envelopes.js';
import type { DomainAnswer, DomainsAnswer, EventsAnswer } from './domain-answers.js';
import {
  adviceSchema,
  claimSchema,
  dryRunSchema,
  eventsSchema,
  listSchema,
  extidSchema,
  type AdviceRequest,
  type ClaimRequest,
  type DryRunRequest,
  type EventsRequest,
  type ListRequest,
} from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { DomainViews } from '../../setup/domain-views.js';
import { SignedIn } from './signed-in.decorator.js';

/** Claims domains and shows them. */
@DomainRoutes()
export class DomainsController {
  constructor(
    private readonly domains: DomainsService,
    private readonly views: DomainViews,
    private readonly settings: DomainSettings,
  ) {}

  @Post(['', 'add'])
  @Limited('domain change')
  @HttpCode(201)
  async claim(
    @SignedIn() account: Account,
    @Body({ schema: claimSchema }) { domain, pair: isPair }: ClaimRequest,
    @Query({ schema: dryRunSchema }) { dry_run: isDryRun }: DryRunRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Acting() { actor }: Grantor,
  ): Promise<DomainAnswer> {
    if (!isDryRun) {
      const claimed = await withUpstreamTexts(
        this.domains.claim(account, domain, actor, { isPair }),
      );
      return domainEnvelope(account, await this.views.forOwner(claimed, account), this.settings);
    }
    const draft = await withUpstreamTexts(this.domains.dryRun(account, domain));
    void reply.status(200);
    return domainEnvelope(account, await this.views.of(draft.domain, account), this.settings);
  }

  @Get()
  async list(
    @SignedIn() account: Account,
    @Query({ schema: listSchema }) request: ListRequest,
  ): Promise<DomainsAnswer> {
    const { domains, count, nextCursor } = await this.domains.list(account.id, request);
    const views = await this.views.ofMany(domains, account);
    return domainsEnvelope(account, { views, count, nextCursor }, this.settings);
  }

  @Get(':id')
  async show(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Query({ schema: adviceSchema }) { advice }: AdviceRequest,
  ): Promise<DomainAnswer> {
    const domain = await this.domains.get(account.id, extid);
    const view = await this.views.forOwner(domain, account, advice);
    return domainEnvelope(account, view, this.settings);
  }

  @Post(':id/verify')
  @Limited('domain check')
  @HttpCode(200)
  async verify(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Query({ schema: adviceSchema }) { advice }: AdviceRequest,
    @Acting() { actor }: Grantor,
  ): Promise<DomainAnswer> {
    const domain = await this.domains.verify(account.id, extid, actor);
    const view = await this.views.forOwner(domain, account, advice);
    return domainEnvelope(account, view, this.settings);
  }

  @Get(':id/events')
  async events(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Query({ schema: eventsSchema }) request: EventsRequest,
  ): Promise<EventsAnswer> {
    const page = await this.domains.events(account.id, extid, request);
    return eventsEnvelope(account, page);
  }
}
