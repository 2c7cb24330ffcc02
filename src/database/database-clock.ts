import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../shared/clock.js';
import { MINUTE } from '../shared/durations.js';
import { ClockWatch } from './clock-watch.js';
import { DueLoop } from './due-loop.js';
import { type Statement, Statements } from './statements.js';

const NOW: Statement = {
  name: 'database_clock_now',
  text: 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
};

/**
 * The database's clock, without a query for each answer: it is read every minute, and the host's monotonic clock counts
 * from there. So a host with a wrong clock accepts and renews certificates as every other process does.
 */
@Injectable()
export class DatabaseClock extends Clock implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: DatabaseClock.name,
    everyMs: MINUTE,
    round: () => this.#read(),
  });
  /** The database's clock minus performance.now(); null: not read yet. */
  #offset: number | null = null;

  constructor(
    private readonly statements: Statements,
    private readonly watch: ClockWatch,
  ) {
    super();
  }

  now(): Date {
    // Until the first read.
    if (this.#offset === null) return new Date();
    return new Date(this.#offset + performance.now());
  }

  async onModuleInit(): Promise<void> {
    await this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  async #read(): Promise<void> {
    const asked = performance.now();
    const [row] = await this.statements.run<{ now: number }>(NOW, []);
    if (row === undefined) return;
    const answered = performance.now();
    this.#offset = row.now - (asked + answered) / 2;
    this.watch.observeDatabase(this.#offset + performance.now());
  }
}
