import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import { DomainsService } from '../domains/domains.service.js';
import type { Hostname } from '../shared/hostname.js';
import type { ShareDomains, ShareDomainState } from './share-domains.js';

/** Looks custom domains up in the domains room. A claim without proof or without certificate is `not_serving`. */
@Injectable()
export class DirectoryShareDomains implements ShareDomains {
  constructor(
    private readonly directory: DomainDirectory,
    private readonly domains: DomainsService,
  ) {}

  async stateFor(account: AccountId, hostname: Hostname): Promise<ShareDomainState> {
    const served = await this.directory.find(hostname);
    if (served?.ownerId === account) return 'serving';
    return (await this.domains.hasClaim(account, hostname)) ? 'not_serving' : 'foreign';
  }
}
