import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { StatementPart } from '../database/statement-part.js';
import { LinkDelivery, type NewLink } from './link-delivery.js';
import { linkDomainOf, type LinkDomain } from './link-domain.js';
import type { ConcealSecret } from './receipt.js';
import { ShareDomains } from './share-domains.js';

/** Where a new link leads, and who gets it. */
@Injectable()
export class NewLinks {
  constructor(
    private readonly shareDomains: ShareDomains,
    private readonly delivery: LinkDelivery,
  ) {}

  /** See linkDomainOf(). */
  domainOf(caller: Caller, command: ConcealSecret): Promise<LinkDomain | null> {
    return linkDomainOf(caller, command, this.shareDomains);
  }

  /** Only the first recipient gets the link. Null: nobody does. */
  async partFor(
    caller: Caller,
    [recipient]: readonly string[],
    link: Omit<NewLink, 'recipient'>,
  ): Promise<StatementPart | null> {
    return recipient === undefined ? null : this.delivery.partFor(caller, { ...link, recipient });
  }
}
