import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DueLoop } from './due-loop.js';

interface LeasedWorkOptions<Row> {
  /** Of the loop, in its log lines. */
  readonly name: string;
  /** How many rows this process works on at once. */
  readonly parallel: number;
  /** Leases rows that are due to `owner`, at most `limit`. */
  readonly take: (owner: string, limit: number) => Promise<readonly Row[]>;
  /** Never rejects. Resolves to whether the same row may be due again at once. */
  readonly attempt: (row: Row) => Promise<boolean>;
  /** How long stop() waits, in milliseconds. What is not done by then is leased until its lease ends. */
  readonly stopWithin: number;
}

/** Works on leased rows, several at once: a slow one holds up no other, and a free place is used at once. */
export class LeasedWork<Row> {
  readonly #owner = randomUUID();
  readonly #running = new Set<Promise<void>>();
  readonly #loop: DueLoop;

  constructor(private readonly options: LeasedWorkOptions<Row>) {
    this.#loop = new DueLoop({ name: options.name, round: () => this.#takeDue() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    const ended = Promise.all(this.#running);
    await Promise.race([ended, delay(this.options.stopWithin, undefined, { ref: false })]);
  }

  /** Takes what is due, and waits for its end. Resolves to how many rows that were. */
  async round(): Promise<number> {
    await this.#takeDue();
    const count = this.#running.size;
    await Promise.all(this.#running);
    return count;
  }

  async #takeDue(): Promise<void> {
    const room = this.options.parallel - this.#running.size;
    if (room <= 0) return;
    const rows = await this.options.take(this.#owner, room);
    // Others may have waited for the places of a full batch.
    for (const row of rows) this.#begin(row, rows.length === room);
  }

  #begin(row: Row, isFull: boolean): void {
    const running = this.options.attempt(row).then((isDueAgain) => {
      this.#running.delete(running);
      if (isFull || isDueAgain) this.#loop.wake();
    });
    this.#running.add(running);
  }
}
