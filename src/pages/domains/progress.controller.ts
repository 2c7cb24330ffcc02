import type { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../accounts/account.js';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { otherOfPair } from '../../domains/domain-name.js';
import { DomainsService } from '../../domains/domains.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { DomainViews } from '../../setup/domain-views.js';
import { ProgressStreams } from '../../setup/progress-streams.js';
import { progressOf, type SetupProgress } from '../../setup/setup-progress.js';
import { SetupVisits } from '../../setup/setup-visits.js';
import { passOf } from '../../setup/watcher-passes.js';
import { AppError } from '../../shared/app-error.js';
import { ExtidPipe } from './extid.pipe.js';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Server-sent events of a set-up page: `progress` and `end`. */
@Controller()
@RegionHostOnly()
export class ProgressController {
  constructor(
    private readonly domains: DomainsService,
    private readonly views: DomainViews,
    private readonly visits: SetupVisits,
    private readonly streams: ProgressStreams,
  ) {}

  @Get('domains/:id/events')
  @AccountRequired()
  @Scoped('domains')
  @Limited('account read')
  @Header('content-type', EVENT_STREAM)
  async ofAccount(
    @CurrentCaller() caller: Caller,
    @Param('id', ExtidPipe) extid: string,
    @Req() { method }: FastifyRequest,
  ): Promise<Readable | string> {
    const [{ account, client }, pass] = [caller, passOf(caller)];
    if (account === null || pass === null) throw notFound();
    const domain = await this.domains.get(account.id, extid);
    if (method === 'HEAD') return '';
    const load = () => this.#load(account, extid);
    // The page of an apex shows also what is wanted of its `www`.
    const other = domain.isApex ? otherOfPair(domain) : null;
    const watched = { hostname: domain.hostname, other, load };
    return this.streams.open({ subject: account.id, client, pass }, watched);
  }

  @Get('setup/:token/events')
  @Scoped('any')
  @Limited('open')
  @Header('content-type', EVENT_STREAM)
  async ofLink(
    @CurrentCaller() { client }: Caller,
    @Param('token') token: string,
    @Req() { method }: FastifyRequest,
  ): Promise<Readable | string> {
    const visit = await this.visits.open(token);
    if (visit === null) throw notFound();
    if (method === 'HEAD') return '';
    const { hostname } = visit.link.domain;
    const load = async () => {
      const now = await this.visits.open(token);
      return now === null ? null : progressOf(now.view);
    };
    const { linkId } = visit.link;
    const pass = { kind: 'link', id: linkId } as const;
    return this.streams.open({ subject: linkId, client, pass }, { hostname, load });
  }

  async #load(account: Account, extid: string): Promise<SetupProgress | null> {
    try {
      const domain = await this.domains.get(account.id, extid);
      return progressOf(await this.views.withoutLinks(domain, account));
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    }
  }
}

function notFound(): AppError {
  return new AppError('not_found', 'There is nothing to watch here.');
}
