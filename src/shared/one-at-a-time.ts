import { SECOND } from './durations.js';
import { FairLine } from './fair-line.js';

const WAITING_MAX = 8;
const WAIT_MAX = 5 * SECOND;

/** Runs work of one key one after the other, work of different keys side by side. A few may wait for each key. */
export class OneAtATime {
  readonly #lines = new Map<string, FairLine>();

  constructor(private readonly busyMessage: string) {}

  /** @throws AppError `busy` when too many wait, or the wait is too long */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lineOf(key);
    await line.enter(key);
    try {
      return await work();
    } finally {
      if (line.waiting === 0) this.#lines.delete(key);
      line.leave();
    }
  }

  #lineOf(key: string): FairLine {
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = new FairLine({
      places: 1,
      lanes: [{ waitingMax: WAITING_MAX }],
      waitMaxMs: WAIT_MAX,
      busyMessage: this.busyMessage,
    });
    this.#lines.set(key, line);
    return line;
  }
}
