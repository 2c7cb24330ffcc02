import { Injectable } from '@nestjs/common';
import { WantedNamesStore } from '../certificates/stores/wanted-names.store.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import { DomainsService } from '../domains/domains.service.js';
import type { Hostname } from '../shared/hostname.js';

/** Decides whether a proxy in front of the gateway that obtains certificates itself may obtain one for a name. */
@Injectable()
export class ProxyCertificatePolicy {
  constructor(
    private readonly directory: DomainDirectory,
    private readonly wanted: WantedNamesStore,
    private readonly domains: DomainsService,
  ) {}

  /**
   * True for a name that serves, and for one that is proven and whose DNS leads here. It may not have served yet: before
   * the proxy has a certificate, it sends our probe from HTTP to HTTPS, where it cannot answer.
   * Rejects with AppError `unavailable` when the database is unreachable and the name is not in memory.
   */
  async permits(hostname: Hostname): Promise<boolean> {
    if ((await this.directory.find(hostname)) !== null) return true;
    const need = await this.wanted.findNeed(hostname);
    if (need === null || !need.isEntitled) return false;
    return need.isPointed || (await this.domains.leadsHere(hostname));
  }
}
