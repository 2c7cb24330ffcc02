import { SECOND } from '../shared/durations.js';
import { DueLoop } from './due-loop.js';

const EVERY = 5 * SECOND;
const WAITING_MAX = 10_000;

/**
 * What requests note in memory, the latest for each key, and one statement writes for all of them. Above a bound nothing is
 * noted, and what a killed process had noted is lost: it is noted again with the next use.
 */
export class NotedUses<Key, Use> {
  readonly #waiting = new Map<Key, Use>();
  readonly #loop: DueLoop;

  /** @param name of the loop, in its log lines */
  constructor(
    name: string,
    private readonly store: (uses: ReadonlyMap<Key, Use>) => Promise<void>,
  ) {
    this.#loop = new DueLoop({ name, round: () => this.write(), everyMs: EVERY });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.write().catch(() => undefined);
  }

  note(key: Key, use: Use): void {
    if (this.#waiting.size < WAITING_MAX) this.#waiting.set(key, use);
  }

  async write(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const uses = new Map(this.#waiting);
    await this.store(uses);
    // A failed write keeps all, and any write what was noted meanwhile.
    for (const [key, use] of uses) if (this.#waiting.get(key) === use) this.#waiting.delete(key);
  }
}
