import type { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { boundedCache } from '../../shared/bounded-cache.js';
import { SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { loggerFor } from '../../shared/log-scope.js';
import { onOurOwnBehalf } from '../../shared/requester.js';

interface ClaimKnocksOptions {
  /** A name counts once in this time, in milliseconds. */
  readonly onceIn?: number;
}

const ONCE_IN = SECOND;
const COLLECT_FOR = 0.2 * SECOND;
const NAMES_MAX = 100;
const REMEMBERED_MAX = 10_000;

// The next check comes two seconds after the last one at the earliest. Each check counts in check_attempts until
// something changes: after 200 of them, minutes of watching, the distance grows up to a minute, so that scanners do not
// keep an abandoned claim busy.
const DISTANCE = 'make_interval(secs => least(60, greatest(2, (check_attempts - 200) / 10)))';
const EARLIEST = `greatest(now(), checked_at + ${DISTANCE})`;
// Claims that are being set up. A check in progress holds no row lock; its end sets the time of the next one.
const MAKE_DUE = `
  update domains set next_check_at = ${EARLIEST} where id = any(array(
    select id from domains
    where hostname = any($1) and removed_at is null and next_check_at > ${EARLIEST}
      and (ownership in ('pending', 'conflict') or (ownership = 'verified' and pointed_at is null))
    for no key update skip locked
  )) returning extract(epoch from next_check_at - now())::float8 as "inSeconds"`;

/**
 * Makes the check of a claim due at once when somebody asks for its name: a ClientHello, a request, or its owner by the
 * API. The caller neither waits nor sees an error. Names are collected and written by one statement; memory is bounded,
 * and a name above the bound is left to its schedule.
 */
export class ClaimKnocks {
  readonly #logger = loggerFor(ClaimKnocks.name);
  readonly #recent: LRUCache<Hostname, true>;
  readonly #names = new Set<Hostname>();
  #isCollecting = false;
  #onDue: () => void = () => {};

  constructor(
    private readonly dataSource: DataSource,
    { onceIn = ONCE_IN }: ClaimKnocksOptions = {},
  ) {
    this.#recent = boundedCache(REMEMBERED_MAX, { ttl: onceIn });
  }

  /** `listener` is called when claims become due. */
  onDue(listener: () => void): void {
    this.#onDue = listener;
  }

  knock(hostname: Hostname): void {
    if (this.#recent.has(hostname) || this.#names.size >= NAMES_MAX) return;
    this.#recent.set(hostname, true);
    this.#names.add(hostname);
    this.#collect();
  }

  #collect(): void {
    if (this.#isCollecting || this.#names.size === 0) return;
    this.#isCollecting = true;
    // The names of many clients, so on behalf of none.
    const makeDue = () => void onOurOwnBehalf(ClaimKnocks.name, () => this.#makeDue());
    setTimeout(makeDue, COLLECT_FOR).unref();
  }

  /** One statement at a time. */
  async #makeDue(): Promise<void> {
    const names = [...this.#names];
    this.#names.clear();
    try {
      const [due] = await this.dataSource.query<[{ inSeconds: number }[], number]>(MAKE_DUE, [
        names,
      ]);
      for (const wait of new Set(due.map(({ inSeconds }) => inSeconds)))
        setTimeout(() => this.#onDue(), Math.ceil(wait * SECOND)).unref();
    } catch (err) {
      this.#logger.warn({ names: names.length, err }, 'claims not made due, left to the schedule');
    } finally {
      this.#isCollecting = false;
      this.#collect();
    }
  }
}
