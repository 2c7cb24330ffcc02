import { Injectable } from '@nestjs/common';
import type { Hostname } from '../../shared/hostname.js';
import { CaHeadroom } from '../ca/ca-headroom.js';
import { CertificateSettings } from '../certificate-settings.js';
import { CertificateRemovalStore } from '../stores/certificate-removal.store.js';
import { WantedNamesStore } from '../stores/wanted-names.store.js';
import { RecordPruner } from './record-pruner.js';

/** Keeps the issuances in step with the domains: queues wanted names and removes the certificates of unclaimed ones. */
@Injectable()
export class Upkeep {
  #lastFullScan = -Infinity;

  constructor(
    private readonly wanted: WantedNamesStore,
    private readonly removal: CertificateRemovalStore,
    private readonly pruner: RecordPruner,
    private readonly headroom: CaHeadroom,
    private readonly settings: CertificateSettings,
  ) {}

  /** @param changed names to check; null checks all. A full scan also runs every `timing.fullScan` milliseconds. */
  async run(changed: readonly Hostname[] | null): Promise<void> {
    const isFullScan =
      changed === null || performance.now() - this.#lastFullScan >= this.settings.timing.fullScan;
    const hostnames = isFullScan ? null : changed;
    if (hostnames?.length !== 0) {
      for (const hostname of await this.wanted.findOrphans(hostnames)) {
        await this.removal.remove(hostname, { revoke: false });
      }
      await this.wanted.queueWanted(hostnames);
    }
    if (changed !== null && changed.length > 0) await this.wanted.nudge(changed);
    if (!isFullScan) return;
    await this.headroom.measure();
    await this.pruner.prune();
    this.#lastFullScan = performance.now();
  }
}
