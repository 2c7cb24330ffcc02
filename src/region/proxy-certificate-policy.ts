import { Injectable } from '@nestjs/common';
import { WantedNamesStore } from '../certificates/stores/wanted-names.store.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import type { Hostname } from '../shared/hostname.js';

/** Decides whether a proxy in front of the gateway that obtains certificates itself may obtain one for a name. */
@Injectable()
export class ProxyCertificatePolicy {
  constructor(
    private readonly directory: DomainDirectory,
    private readonly wanted: WantedNamesStore,
  ) {}

  /**
   * True for a name that serves, and for a name that is proven and points here.
   * Rejects with AppError `unavailable` when the database is unreachable and the name is not in memory.
   */
  async permits(hostname: Hostname): Promise<boolean> {
    if ((await this.directory.find(hostname)) !== null) return true;
    const need = await this.wanted.findNeed(hostname);
    return need !== null && need.isEntitled && need.isPointed;
  }
}
