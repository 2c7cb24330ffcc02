import { Logger } from '@nestjs/common';
import { SECOND } from '../shared/durations.js';

export interface DueLoopOptions {
  /** For the log: what is not done when a round fails. */
  readonly name: string;
  /** Takes some due rows and works on them; whether there may be more that are due now. */
  readonly round: () => Promise<boolean>;
  /** How often to look, in milliseconds; every second and a half unless told. */
  readonly everyMs?: number;
}

const EVERY = 1.5 * SECOND;

/**
 * Works on rows that are due, in every process: whoever takes a row decides the database. One round at a time,
 * by a slow poll, and at once when woken. What a round throws is logged, and the next poll tries again.
 */
export class DueLoop {
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #isWoken = false;
  #isStopped = true;

  constructor(private readonly options: DueLoopOptions) {
    this.#logger = new Logger(options.name);
  }

  start(): void {
    this.#isStopped = false;
    this.#sleep();
  }

  /** There may be something due now. During a round: another one follows it at once. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isStopped) this.#begin();
  }

  /** Resolves when the round that is under way, if any, has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** A round that asks to be told when to stop early. */
  get isStopping(): boolean {
    return this.#isStopped;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    let hasMore = true;
    while ((hasMore || this.#isWoken) && !this.#isStopped) {
      this.#isWoken = false;
      hasMore = await this.#roundOrWarn();
    }
    this.#running = null;
    if (!this.#isStopped) this.#sleep();
  }

  async #roundOrWarn(): Promise<boolean> {
    try {
      return await this.options.round();
    } catch (error) {
      this.#logger.warn(`failed, tries again: ${String(error)}`);
      return false;
    }
  }

  #sleep(): void {
    this.#timer = setTimeout(() => this.#begin(), this.options.everyMs ?? EVERY).unref();
  }
}
