import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DueLoop } from '../../database/due-loop.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import { TicketKeyStore } from './ticket-key.store.js';
import { TicketKeys } from './ticket-keys.js';

/** Each process reads the keys at least that often, and the next one is stored before twice that. */
const READ_EVERY = 10 * MINUTE;
const AHEAD = 3 * READ_EVERY;
const RETRY_AFTER = 5 * SECOND;

/**
 * Keeps the secrets of session tickets in memory as the database has them. The next secret is stored half an hour before
 * its use, so that every process opens its tickets before one of them seals with it. What has lost its use is deleted.
 */
@Injectable()
export class TicketKeysJob implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: TicketKeysJob.name,
    round: () => this.#round(),
    everyMs: RETRY_AFTER,
  });

  constructor(
    private readonly store: TicketKeyStore,
    private readonly tickets: TicketKeys,
  ) {}

  /** Does not wait for the database: until it answers, the process has its own secret. */
  onModuleInit(): void {
    void this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(): Promise<number> {
    let stored = await this.store.find();
    const { period, left } = stored;
    const wanted = left <= AHEAD ? [period, period + 1] : [period];
    const missing = wanted.filter((each) => !stored.periods.has(each));
    if (missing.length > 0) {
      for (const each of missing) await this.store.add(each);
      await this.store.destroyOld();
      stored = await this.store.find();
    }
    this.tickets.share(stored.keys);
    return READ_EVERY;
  }
}
