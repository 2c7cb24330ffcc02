import { LRUCache } from 'lru-cache';
import type { ChangeFeed } from '../../database/change-feed.js';
import type { Statements } from '../../database/statements.js';
import { AppError } from '../../shared/app-error.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { FIND_SERVED, servedValues, type ServedDomain, type ServedRow } from './served-domain.js';

export interface DomainDirectoryOptions {
  /** How many serving names are kept in memory, and how many that do not serve. */
  readonly servedMax?: number;
  readonly unservedMax?: number;
}

interface Entry {
  readonly served: ServedDomain;
  /** In performance.now(): it does not serve any longer than this, whatever the database says or does not say. */
  readonly endsAt: number;
  /** Something about the name changed since it was read. */
  isStale: boolean;
  /** Until then a stale answer will do: the database did not answer when it was asked. */
  excusedUntil: number;
}

interface Lookup {
  readonly answer: Promise<ServedDomain | null>;
  /** Something changed after the question was put. */
  isOutdated: boolean;
}

const SERVED_MAX = 20_000;
const UNSERVED_MAX = 20_000;
// The feed tells when such a name begins to serve; this is for whatever nobody thought of.
const UNSERVED_TTL = 5 * MINUTE;
const EXCUSE = 2 * SECOND;

/**
 * Whose a name is and whether it serves: from memory, kept honest by the change feed, filled by one query for a name
 * that was not asked for before. While the database is away, names that are known keep their answer.
 */
export class DomainDirectory {
  readonly #served: LRUCache<Hostname, Entry>;
  readonly #unserved: LRUCache<Hostname, true>;
  readonly #lookups = new Map<Hostname, Lookup>();

  constructor(
    private readonly statements: Statements,
    feed: ChangeFeed,
    options: DomainDirectoryOptions = {},
  ) {
    this.#served = new LRUCache({ max: options.servedMax ?? SERVED_MAX });
    this.#unserved = new LRUCache({ max: options.unservedMax ?? UNSERVED_MAX, ttl: UNSERVED_TTL });
    feed.on((hostname) => (hostname === null ? this.#doubtAll() : this.#doubt(hostname)));
  }

  /**
   * The domain, or null when the name does not serve. At once when it is known.
   * Rejects with AppError `unavailable` when it is not and the database is away.
   */
  find(hostname: Hostname): ServedDomain | null | Promise<ServedDomain | null> {
    const entry = this.#served.get(hostname);
    if (entry !== undefined && isGood(entry)) return entry.served;
    if (entry === undefined && this.#unserved.has(hostname)) return null;
    return this.#lookUp(hostname);
  }

  /** Whether find() would cost no query, or only one that a change of the name's own made necessary. */
  isKnown(hostname: Hostname): boolean {
    return this.#served.has(hostname) || this.#unserved.has(hostname);
  }

  /** One query at a time for each name, however many ask. */
  #lookUp(hostname: Hostname): Promise<ServedDomain | null> {
    const running = this.#lookups.get(hostname);
    if (running !== undefined) return running.answer;
    const answer = this.#ask(hostname).finally(() => this.#lookups.delete(hostname));
    this.#lookups.set(hostname, { answer, isOutdated: false });
    return answer;
  }

  async #ask(hostname: Hostname): Promise<ServedDomain | null> {
    try {
      let row = await this.#query(hostname);
      while (this.#isOutdated(hostname)) row = await this.#query(hostname);
      return this.#remember(hostname, row);
    } catch (error) {
      const known = this.#served.get(hostname);
      const isAway = error instanceof AppError && error.code === 'unavailable';
      if (!isAway || known === undefined || performance.now() >= known.endsAt) throw error;
      known.excusedUntil = performance.now() + EXCUSE;
      return known.served;
    }
  }

  async #query(hostname: Hostname): Promise<ServedRow | undefined> {
    const [row] = await this.statements.run<ServedRow>(FIND_SERVED, servedValues(hostname));
    return row;
  }

  /** Tells it once: the next query will be younger than the change. */
  #isOutdated(hostname: Hostname): boolean {
    const lookup = this.#lookups.get(hostname);
    if (lookup?.isOutdated !== true) return false;
    lookup.isOutdated = false;
    return true;
  }

  #remember(hostname: Hostname, row: ServedRow | undefined): ServedDomain | null {
    if (row === undefined) {
      this.#served.delete(hostname);
      this.#unserved.set(hostname, true);
      return null;
    }
    const { secondsLeft, ...domain } = row;
    const served = { ...domain, hostname };
    const endsAt = performance.now() + secondsLeft * SECOND;
    this.#served.set(hostname, { served, endsAt, isStale: false, excusedUntil: 0 });
    this.#unserved.delete(hostname);
    return served;
  }

  /** A name that serves is asked for at once, so that the next request need not wait, nor an outage find the old answer. */
  #doubt(hostname: Hostname): void {
    this.#unserved.delete(hostname);
    const lookup = this.#lookups.get(hostname);
    if (lookup !== undefined) lookup.isOutdated = true;
    const entry = this.#served.peek(hostname);
    if (entry === undefined) return;
    entry.isStale = true;
    // Whoever asks for the name hears of the failure; nobody did yet.
    this.#lookUp(hostname).catch(() => {});
  }

  #doubtAll(): void {
    this.#unserved.clear();
    for (const lookup of this.#lookups.values()) lookup.isOutdated = true;
    for (const entry of this.#served.values()) entry.isStale = true;
  }
}

function isGood(entry: Entry): boolean {
  const now = performance.now();
  return now < entry.endsAt && (!entry.isStale || now < entry.excusedUntil);
}
