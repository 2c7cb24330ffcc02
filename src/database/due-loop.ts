import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from '../shared/logger.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { onOurOwnBehalf } from '../shared/requester.js';

/** When the next round begins: true: at once; a number: after so many milliseconds; else: after `everyMs`. */
export type NextRound = boolean | number | void;

interface DueLoopOptions {
  /** The context of its log lines, and their field `loop`. */
  readonly name: string;
  /** One round of work, such as one batch of due rows. */
  readonly round: () => Promise<NextRound>;
  /** The pause between two rounds, and after a failed one, in milliseconds; default: 1,500. */
  readonly everyMs?: number;
}

const EVERY = 1.5 * SECOND;
/** Longer pauses end at a multiple of this on the process's clock: its loops wake it up together, not each for itself. */
const GRID = 0.5 * SECOND;

/**
 * Repeats a round in the background of a process: one at a time, after a pause, and at once when woken. What a round
 * throws is logged, and the next round follows after `everyMs`. The timer does not keep the process alive. Several
 * processes run the same loop: which of them takes a row is decided by the database.
 */
export class DueLoop {
  readonly #logger: Logger;
  /** A round runs in the scope in which the loop was made, whoever wakes it. */
  readonly #inScope = AsyncLocalStorage.snapshot();
  #state: 'new' | 'started' | 'stopped' = 'new';
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #isWoken = false;
  #rounds = 0;

  constructor(private readonly options: DueLoopOptions) {
    this.#logger = loggerFor(options.name);
  }

  /** The first round begins after `everyMs`. */
  start(): void {
    this.#state = 'started';
    this.#sleep(this.#everyMs);
  }

  /** The first round begins at once; resolves when it has ended. Never rejects. */
  async startNow(): Promise<void> {
    this.#state = 'started';
    await this.#begin();
  }

  /** Begins a round at once. During a round: begins another one right after it. */
  wake(): void {
    this.#isWoken = true;
    if (this.#state === 'started') void this.#begin();
  }

  /** Begins no further round; resolves when the round in progress has ended. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    await this.#running;
  }

  get name(): string {
    return this.options.name;
  }

  /** How many rounds have ended. */
  get rounds(): number {
    return this.#rounds;
  }

  /** For a long round, to end early. */
  get isStopped(): boolean {
    return this.#state === 'stopped';
  }

  get #everyMs(): number {
    return this.options.everyMs ?? EVERY;
  }

  #begin(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    let pauseMs: number;
    do {
      this.#isWoken = false;
      pauseMs = await this.#round();
    } while ((pauseMs === 0 || this.#isWoken) && !this.isStopped);
    this.#running = null;
    if (!this.isStopped) this.#sleep(pauseMs);
  }

  /** Resolves to the pause after the round, in milliseconds. */
  async #round(): Promise<number> {
    try {
      const next = await this.#inScope(() => onOurOwnBehalf(this.options.name, this.options.round));
      if (next === true) return 0;
      return typeof next === 'number' ? next : this.#everyMs;
    } catch (error) {
      this.#logger.warn({ loop: this.options.name, err: error }, 'round failed, will retry');
      return this.#everyMs;
    } finally {
      this.#rounds += 1;
    }
  }

  #sleep(pauseMs: number): void {
    const end = performance.now() + pauseMs;
    const early = pauseMs < 2 * GRID ? 0 : end % GRID;
    this.#timer = setTimeout(() => void this.#begin(), pauseMs - early).unref();
  }
}
