import type { PressMark, PressOutcome, PressStore } from '../../src/secrets/press.store.js';

const COUNTS_FOR = 10_000;

interface Kept {
  readonly outcome: PressOutcome;
  readonly at: number;
}

/** The outcomes of presses in memory. */
export class FakePressStore implements Pick<
  PressStore,
  'begin' | 'outcomeOf' | 'refuse' | 'forget'
> {
  readonly #kept = new Map<string, Kept>();

  async begin(mark: PressMark): Promise<boolean> {
    if ((await this.outcomeOf(mark)) !== null) return false;
    this.write(mark, 'begun');
    return true;
  }

  async outcomeOf(mark: PressMark): Promise<PressOutcome | null> {
    const kept = this.#kept.get(mark.toString('hex'));
    return kept !== undefined && performance.now() - kept.at < COUNTS_FOR ? kept.outcome : null;
  }

  async refuse(mark: PressMark): Promise<void> {
    if ((await this.outcomeOf(mark)) === 'begun') this.write(mark, 'refused');
  }

  async forget(mark: PressMark): Promise<void> {
    if ((await this.outcomeOf(mark)) === 'begun') this.#kept.delete(mark.toString('hex'));
  }

  /** What the services write with what they do. */
  write(mark: PressMark, outcome: PressOutcome): void {
    this.#kept.set(mark.toString('hex'), { outcome, at: performance.now() });
  }
}
