import type { WantedNamesStore } from '../certificates/stores/wanted-names.store.js';
import type { DomainDirectory } from '../domains/serving/domain-directory.js';
import type { Hostname } from '../shared/hostname.js';

/** Whether a proxy in front of us, which gets certificates itself, may get one for a name. */
export class WouldServe {
  constructor(
    private readonly directory: DomainDirectory,
    private readonly wanted: WantedNamesStore,
  ) {}

  /** It serves, or it is proven and leads here. Rejects with AppError `unavailable` when nobody can say. */
  async ask(hostname: Hostname): Promise<boolean> {
    if ((await this.directory.find(hostname)) !== null) return true;
    const need = await this.wanted.findNeed(hostname);
    return need !== null && need.isEntitled && need.isPointed;
  }
}
