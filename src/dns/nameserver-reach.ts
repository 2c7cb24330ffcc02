import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { RootKeys } from '../config/root-key.js';
import { DueLoop } from '../database/due-loop.js';
import { DAY, HOUR, MINUTE, SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { DelegationOffer, type NameserverTrouble } from './delegation-offer.js';
import type { DnsResolver } from './dns-resolver.js';
import { probeNameserver, type NameserverFinding } from './nameserver-probe.js';

interface ReachParts {
  readonly zone: string;
  readonly nameServers: readonly string[];
  readonly rootKeys: RootKeys;
  readonly resolver: Pick<DnsResolver, 'lookup'>;
  readonly metrics: Registry;
  readonly now?: () => number;
}

/** A right answer is good for so long: resolvers may be silent for hours. */
const GOOD_FOR = DAY;
/** After a right answer. */
const CHECK_EVERY = HOUR;
const RETRY_EVERY = MINUTE;
/** The listeners of a start may open after the cell, and other gateways with them. */
const FIRST_RETRIES = 12;
const FIRST_RETRY_EVERY = 5 * SECOND;
/** Failures in a row before the operator is told, and then a line in an hour. */
const TOLD_AFTER = 3;
const LOG_EVERY = HOUR / RETRY_EVERY;

/**
 * Asks the configured resolvers, as the world would, whether they lead to the region's name server. A delegation is
 * advised only where they did within a day: the operator's records may be missing, wrong or not visible from outside.
 */
export class NameserverReach extends DelegationOffer implements OnModuleInit, OnModuleDestroy {
  readonly zone: string;
  readonly #logger = loggerFor(NameserverReach.name);
  readonly #loop: DueLoop;
  readonly #now: () => number;
  #reachedAt: number | null = null;
  #failures = 0;
  #last: NameserverFinding | null = null;
  #trouble: Omit<NameserverTrouble, 'isOffered'> | null = null;

  constructor(private readonly parts: ReachParts) {
    super();
    this.zone = parts.zone;
    this.#now = parts.now ?? (() => performance.now());
    this.#loop = new DueLoop({ name: NameserverReach.name, round: () => this.check() });
    parts.metrics.registerMetric(this.#gauge());
  }

  onModuleInit(): void {
    void this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  isOffered(): boolean {
    return this.#reachedAt !== null && this.#now() - this.#reachedAt < GOOD_FOR;
  }

  trouble(): NameserverTrouble | null {
    return this.#trouble && { ...this.#trouble, isOffered: this.isOffered() };
  }

  /** Resolves to the milliseconds until the next check. */
  async check(): Promise<number> {
    const { zone, nameServers, resolver } = this.parts;
    const finding = await probeNameserver(resolver, this.parts);
    const before = this.#last;
    this.#last = finding;
    if (finding === 'ours') {
      this.#reachedAt = this.#now();
      this.#failures = 0;
      this.#trouble = null;
      if (before !== 'ours') this.#logger.info({ zone, nameServers }, 'name server is reached');
      return CHECK_EVERY;
    }
    // Somebody else answers: what was right before is over. One SERVFAIL of a resolver may look like a bogus answer.
    const isOver = finding === 'stranger' || (finding === 'bogus' && before === 'bogus');
    if (isOver) this.#reachedAt = null;
    this.#failures += 1;
    const isTold = this.#failures >= TOLD_AFTER;
    if (isTold) this.#trouble = { zone, nameServers, finding, checkedAt: new Date() };
    if (this.#failures === TOLD_AFTER || this.#failures % LOG_EVERY === 0)
      this.#logger.warn(
        {
          issue: 'NAMESERVER_UNREACHABLE',
          zone,
          nameServers,
          finding,
          isOffered: this.isOffered(),
        },
        'name server is not reached through the public DNS',
      );
    return this.#failures <= FIRST_RETRIES ? FIRST_RETRY_EVERY : RETRY_EVERY;
  }

  #gauge(): Gauge {
    const isReached = (): number => (this.#last === null ? NaN : Number(this.#last === 'ours'));
    return new Gauge({
      name: 'gateway_nameserver_reached',
      help: "1 while the public DNS leads to the region's name server, else 0; NaN: not asked yet",
      registers: [],
      collect() {
        this.set(isReached());
      },
    });
  }
}
