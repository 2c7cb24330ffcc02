import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import { NO_POLICY } from '../domains/domain-policy.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import { DomainsService } from '../domains/domains.service.js';
import type { Hostname } from '../shared/hostname.js';
import type { ShareDomain, ShareDomains } from './share-domains.js';

/** Looks custom domains up in the domains room. A claim without proof or without certificate is `not_serving`. */
@Injectable()
export class DirectoryShareDomains implements ShareDomains {
  constructor(
    private readonly directory: DomainDirectory,
    private readonly domains: DomainsService,
  ) {}

  async find(account: AccountId, hostname: Hostname): Promise<ShareDomain> {
    const served = await this.directory.find(hostname);
    if (served?.ownerId === account) return { state: 'serving', policy: served.policy };
    const hasClaim = await this.domains.hasClaim(account, hostname);
    return { state: hasClaim ? 'not_serving' : 'foreign', policy: NO_POLICY };
  }
}
