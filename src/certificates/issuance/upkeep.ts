import { Injectable, Logger } from '@nestjs/common';
import type { Hostname } from '../../shared/hostname.js';
import { AcmeProblem } from '../../acme/acme-problem.js';
import { CertificateRemovalStore } from '../stores/certificate-removal.store.js';
import { CertificateSettings } from '../certificate-settings.js';
import { CaHeadroom } from '../ca/ca-headroom.js';
import { CaLedger } from '../ca/ca-ledger.js';
import { ChallengeStore } from '../stores/challenge.store.js';
import { Issuers } from '../issuers/issuer.js';
import { WantedNamesStore } from '../stores/wanted-names.store.js';

/** Deletes what is past its use, and shows what is left of the CAs' limits. */
@Injectable()
export class Sweeper {
  constructor(
    private readonly ledger: CaLedger,
    private readonly challenges: ChallengeStore,
    private readonly headroom: CaHeadroom,
  ) {}

  async sweep(): Promise<void> {
    await this.headroom.measure();
    await this.ledger.prune();
    await this.challenges.prune();
  }
}

/** Keeps the issuances in step with the domains: what is wanted is queued, what nobody claims any more is ended. */
@Injectable()
export class Upkeep {
  readonly #logger = new Logger(Upkeep.name);
  #lastSweep = -Infinity;

  constructor(
    private readonly wanted: WantedNamesStore,
    private readonly removal: CertificateRemovalStore,
    private readonly issuers: Issuers,
    private readonly sweeper: Sweeper,
    private readonly settings: CertificateSettings,
  ) {}

  /** @param changed names to look at; null: all. All are looked at from time to time, whatever changed. */
  async run(changed: readonly Hostname[] | null): Promise<void> {
    const isSweep =
      changed === null || performance.now() - this.#lastSweep >= this.settings.timing.sweep;
    const hostnames = isSweep ? null : changed;
    if (hostnames?.length !== 0) {
      for (const hostname of await this.wanted.findOrphans(hostnames)) {
        await this.removal.remove(hostname, { revoke: false });
      }
      await this.wanted.queueWanted(hostnames);
    }
    if (changed !== null && changed.length > 0) await this.wanted.nudge(changed);
    if (!isSweep) return;
    await this.sweeper.sweep();
    this.#lastSweep = performance.now();
  }

  /** Tells the CAs of what is to be revoked. What cannot be told now is told later, until it has expired. */
  async revokeDue(): Promise<void> {
    for (;;) {
      const due = await this.removal.takeRevocation();
      if (due === null) return;
      const issuer = this.issuers.find(due.ca);
      try {
        if (issuer === null) continue;
        await issuer.revoke(due.chainPem);
        await this.removal.recordRevocation(due);
      } catch (error) {
        if (!(error instanceof AcmeProblem)) throw error;
        this.#logger.warn(`${due.hostname}: not revoked yet: ${error.message}`);
      }
    }
  }
}
