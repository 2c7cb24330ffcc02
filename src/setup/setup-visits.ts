import { Injectable } from '@nestjs/common';
import { SetupLinks } from '../domains/claims/setup-links.js';
import type { DomainEventRecord } from '../domains/domain-event.js';
import { DomainsService } from '../domains/domains.service.js';
import type { OpenedLink } from '../domains/setup-link.js';
import type { HeaderSink } from '../limits/limit-headers.js';
import { applyStanding } from '../limits/limit-headers.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { DomainView } from './domain-view.js';
import { DomainViews } from './domain-views.js';

/** What somebody with a link to a set-up sees. */
export interface SetupVisit {
  readonly link: OpenedLink;
  readonly view: DomainView;
}

const EVENTS_SHOWN = 30;

/** The set-up of one claim for whoever has a link to it, and "check now". Null: the link has ended, or there is none. */
@Injectable()
export class SetupVisits {
  constructor(
    private readonly links: SetupLinks,
    private readonly domains: DomainsService,
    private readonly views: DomainViews,
    private readonly limits: RateLimits,
  ) {}

  async open(token: string): Promise<SetupVisit | null> {
    const link = await this.links.open(token);
    if (link === null) return null;
    this.domains.watch(link.domain);
    return { link, view: await this.views.of(link.domain, { plan: link.ownerPlan }) };
  }

  /** The newest of the claim's timeline. */
  async events({ domain }: OpenedLink): Promise<readonly DomainEventRecord[]> {
    const page = { limit: EVENTS_SHOWN, cursor: null };
    return (await this.domains.events(domain.accountId, domain.extid, page)).events;
  }

  /** Throws AppError `rate_limited` or `busy` when the link was used for too many checks. */
  async check(token: string, reply: HeaderSink): Promise<boolean> {
    const link = await this.links.open(token);
    if (link === null) return false;
    const charge = { limit: 'DOMAIN_CHECKS', subject: `link ${link.linkId}` } as const;
    applyStanding(reply, await this.limits.charge([charge]));
    await this.domains.verifyByLink(link);
    return true;
  }
}
