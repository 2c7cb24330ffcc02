import { Injectable } from '@nestjs/common';
import { SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateSettings } from '../certificate-settings.js';
import { CertificateStore } from '../stores/certificate.store.js';
import { CertificateRemovalStore } from '../stores/certificate-removal.store.js';
import { NameReviewsStore, type NameChange } from '../stores/name-reviews.store.js';
import { WantedNamesStore } from '../stores/wanted-names.store.js';
import { loggerFor } from '../../shared/log-scope.js';

const CHANGES = 100;
const PAGE = 250;
const URGENT = 500;
/** Between two pages of the pass over all names. */
const PAGE_EVERY = 5 * SECOND;

export interface UpkeepRound {
  /** More changes may be due. */
  readonly hasMore: boolean;
  /** Issuances may have become due. */
  readonly hasWorked: boolean;
}

/**
 * Keeps the issuances in step with the domains: queues wanted names and removes the certificates of unclaimed ones. It
 * works from the announced changes; a pass over all names, page by page, finds what they have missed.
 */
@Injectable()
export class Upkeep {
  readonly #logger = loggerFor(Upkeep.name);
  #pageAfter = '';
  #nextPageAt = -Infinity;

  constructor(
    private readonly wanted: WantedNamesStore,
    private readonly certificates: CertificateStore,
    private readonly removal: CertificateRemovalStore,
    private readonly reviews: NameReviewsStore,
    private readonly settings: CertificateSettings,
  ) {}

  /** One round; a step that fails does not keep the others waiting. */
  async round(): Promise<UpkeepRound> {
    const changes = await this.#try('changes', () => this.#reviewChanges());
    await this.#try('urgent renewals', () => this.reviews.markUrgent(URGENT));
    const isPageDue = performance.now() >= this.#nextPageAt;
    if (isPageDue) await this.#try('pass', () => this.#reviewPage());
    return { hasMore: changes === CHANGES, hasWorked: isPageDue || changes !== 0 };
  }

  /** @param changed names to review; null: all, page by page */
  async run(changed: readonly Hostname[] | null): Promise<void> {
    await this.reviews.markUrgent(URGENT);
    if (changed !== null) return this.#reviewChanged(changed);
    await this.wanted.queueOwnHosts();
    let page = await this.reviews.page('', PAGE);
    while (page.length > 0) {
      await this.#review(page);
      page = await this.reviews.page(page.at(-1) ?? '', PAGE);
    }
  }

  /** Returns how many there were. */
  async #reviewChanges(): Promise<number> {
    const changes = await this.reviews.takeChanges(CHANGES);
    if (changes.length > 0) await this.reviews.complete(await this.#reviewed(changes));
    return changes.length;
  }

  /** Returns those that were reviewed. If they fail together, each is tried alone. */
  async #reviewed(changes: readonly NameChange[]): Promise<readonly NameChange[]> {
    try {
      await this.#reviewChanged([...new Set(changes.map(({ hostname }) => hostname))]);
      return changes;
    } catch (err) {
      const [first] = changes;
      if (first === undefined) return [];
      if (changes.length > 1) {
        const each: NameChange[] = [];
        for (const change of changes) each.push(...(await this.#reviewed([change])));
        return each;
      }
      const { hostname } = first;
      this.#logger.warn({ hostname, err }, 'certificate need not reviewed, will retry');
      return [];
    }
  }

  async #reviewPage(): Promise<void> {
    if (this.#pageAfter === '') await this.wanted.queueOwnHosts();
    const page = await this.reviews.page(this.#pageAfter, PAGE);
    const isLast = page.length < PAGE;
    const pause = isLast ? this.settings.timing.fullScan : PAGE_EVERY;
    this.#nextPageAt = performance.now() + pause;
    // Before the review: a page that fails does not stop the pass.
    this.#pageAfter = isLast ? '' : (page.at(-1) ?? '');
    await this.#review(page);
  }

  async #reviewChanged(hostnames: readonly Hostname[]): Promise<void> {
    await this.#review(hostnames);
    await this.wanted.nudge(hostnames);
  }

  async #review(hostnames: readonly Hostname[]): Promise<void> {
    for (const hostname of await this.wanted.findOrphans(hostnames)) {
      await this.removal.remove(hostname, { revoke: false });
    }
    await this.wanted.queueWanted(hostnames);
    await this.certificates.renewLost(hostnames);
  }

  async #try<T>(step: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (err) {
      this.#logger.warn({ step, err }, 'issuance upkeep failed, will retry');
      return null;
    }
  }
}
