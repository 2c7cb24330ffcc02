import type { LRUCache } from 'lru-cache';
import type { Region } from '../../config/region.js';
import type { ChangeFeed } from '../../database/change-feed.js';
import type { Statements } from '../../database/statements.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import { AppError } from '../../shared/app-error.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { findMoveTarget } from './move-targets.js';
import {
  FIND_SERVED,
  servedOf,
  servedValues,
  type ServedCertificateRow,
  type ServedDomain,
  type ServedRow,
} from './served-domain.js';

export interface DomainDirectoryOptions {
  /** Cache sizes: names that serve, and names that do not. */
  readonly servedMax?: number;
  readonly unservedMax?: number;
  /** Called each time that somebody asks for a name that does not serve. */
  readonly onUnserved?: (hostname: Hostname) => void;
}

interface Entry {
  readonly served: ServedDomain;
  /** In performance.now(). The entry is not used after this time, even while the database is unreachable. */
  readonly endsAt: number;
  /** The name changed after the entry was read. */
  isStale: boolean;
  /** A stale entry is used until then, because the database was unreachable. */
  usableUntil: number;
}

interface Lookup {
  readonly answer: Promise<ServedDomain | null>;
  /** The name changed after the query began. */
  isOutdated: boolean;
}

const SERVED_MAX = 20_000;
const UNSERVED_MAX = 20_000;
// The change feed reports when such a name begins to serve; the TTL bounds an error there.
const UNSERVED_TTL = 5 * MINUTE;
const RETRY_AFTER = 2 * SECOND;

/**
 * Finds the domain of a hostname, if it serves. A cache answers; the change feed invalidates it, and a miss costs one
 * query. While the database is unreachable, cached names keep their answer.
 */
export class DomainDirectory {
  readonly #served: LRUCache<Hostname, Entry>;
  readonly #unserved: LRUCache<Hostname, true>;
  readonly #lookups = new Map<Hostname, Lookup>();
  readonly #readers: ((hostname: Hostname, certificate: ServedCertificateRow) => void)[] = [];

  constructor(
    private readonly statements: Statements,
    feed: ChangeFeed,
    private readonly options: DomainDirectoryOptions = {},
  ) {
    this.#served = boundedCache(options.servedMax ?? SERVED_MAX);
    this.#unserved = boundedCache(options.unservedMax ?? UNSERVED_MAX, { ttl: UNSERVED_TTL });
    feed.on((hostname) => (hostname === null ? this.#invalidateAll() : this.#invalidate(hostname)));
  }

  /**
   * The domain, or null if the name does not serve. A cached answer is returned synchronously.
   * Rejects with AppError `unavailable` if the name is not cached and the database is unreachable.
   */
  find(hostname: Hostname): ServedDomain | null | Promise<ServedDomain | null> {
    const entry = this.#served.get(hostname);
    if (entry !== undefined && isUsable(entry)) return entry.served;
    if (entry === undefined && this.#unserved.has(hostname)) {
      this.options.onUnserved?.(hostname);
      return null;
    }
    return this.#lookUp(hostname);
  }

  /** Calls the reader with the certificate of each name that was read and serves. The directory keeps none. */
  onCertificate(reader: (hostname: Hostname, certificate: ServedCertificateRow) => void): void {
    this.#readers.push(reader);
  }

  /** Whether the name is cached. find() then makes no query unless the name has changed. */
  isKnown(hostname: Hostname): boolean {
    return this.#served.has(hostname) || this.#unserved.has(hostname);
  }

  /** The region that the name moves to; null: it moves nowhere. One query. */
  moveTarget(hostname: Hostname): Promise<Region | null> {
    return findMoveTarget(this.statements, hostname);
  }

  /** Concurrent callers share one query per name. */
  #lookUp(hostname: Hostname): Promise<ServedDomain | null> {
    const running = this.#lookups.get(hostname);
    if (running !== undefined) return running.answer;
    const answer = this.#askDatabase(hostname).finally(() => this.#lookups.delete(hostname));
    this.#lookups.set(hostname, { answer, isOutdated: false });
    return answer;
  }

  async #askDatabase(hostname: Hostname): Promise<ServedDomain | null> {
    try {
      let row = await this.#query(hostname);
      while (this.#takeOutdated(hostname)) row = await this.#query(hostname);
      return this.#remember(hostname, row);
    } catch (error) {
      const known = this.#served.get(hostname);
      // Also while the line in front of the database is full: a flood is no reason to refuse a known name.
      const cannotSay =
        error instanceof AppError && (error.code === 'unavailable' || error.code === 'busy');
      if (!cannotSay || known === undefined || performance.now() >= known.endsAt) throw error;
      known.usableUntil = performance.now() + RETRY_AFTER;
      return known.served;
    }
  }

  async #query(hostname: Hostname): Promise<ServedRow | undefined> {
    const [row] = await this.statements.run<ServedRow>(FIND_SERVED, servedValues(hostname));
    return row;
  }

  /** Clears the mark as well: the next query sees the change. */
  #takeOutdated(hostname: Hostname): boolean {
    const lookup = this.#lookups.get(hostname);
    if (lookup?.isOutdated !== true) return false;
    lookup.isOutdated = false;
    return true;
  }

  #remember(hostname: Hostname, row: ServedRow | undefined): ServedDomain | null {
    if (row === undefined) {
      this.#served.delete(hostname);
      this.#unserved.set(hostname, true);
      this.options.onUnserved?.(hostname);
      return null;
    }
    const { secondsLeft, version, chainPem, sealed, keyVersion, notAfter } = row;
    const served = servedOf(hostname, row);
    const endsAt = performance.now() + secondsLeft * SECOND;
    this.#served.set(hostname, { served, endsAt, isStale: false, usableUntil: 0 });
    this.#unserved.delete(hostname);
    const certificate = { version, chainPem, sealed, keyVersion, notAfter };
    for (const reader of this.#readers) reader(hostname, certificate);
    return served;
  }

  /** Reads a serving name again at once, so that neither a request waits for it nor an outage keeps the old answer. */
  #invalidate(hostname: Hostname): void {
    this.#unserved.delete(hostname);
    const lookup = this.#lookups.get(hostname);
    if (lookup !== undefined) lookup.isOutdated = true;
    const entry = this.#served.peek(hostname);
    if (entry === undefined) return;
    entry.isStale = true;
    // find() reports the failure to its caller; here is none.
    this.#lookUp(hostname).catch(() => {});
  }

  #invalidateAll(): void {
    this.#unserved.clear();
    for (const lookup of this.#lookups.values()) lookup.isOutdated = true;
    for (const entry of this.#served.values()) entry.isStale = true;
  }
}

function isUsable(entry: Entry): boolean {
  const now = performance.now();
  return now < entry.endsAt && (!entry.isStale || now < entry.usableUntil);
}
