import { DueLoop } from './due-loop.js';

/** Rounds that end when the test says so. */
class Rounds {
  running = 0;
  begun = 0;
  #end: ((hasMore: boolean) => void) | null = null;
  #waiting: (() => void) | null = null;

  readonly round = async (): Promise<boolean> => {
    this.running += 1;
    this.begun += 1;
    expect(this.running).toBe(1);
    const hasMore = await new Promise<boolean>((resolve) => {
      this.#end = resolve;
      this.#waiting?.();
    });
    this.running -= 1;
    return hasMore;
  };

  /** Waits until one is under way. */
  async begins(): Promise<void> {
    if (this.#end !== null) return;
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
    });
  }

  end(hasMore: boolean): void {
    const end = this.#end;
    this.#end = null;
    end?.(hasMore);
  }
}

describe(DueLoop, () => {
  it('looks by itself, and again at once as long as there is more', async () => {
    const rounds = new Rounds();
    const loop = new DueLoop({ name: 'test', round: rounds.round, everyMs: 1 });
    loop.start();
    await rounds.begins();
    rounds.end(true);
    await rounds.begins();
    rounds.end(false);
    await rounds.begins();
    rounds.end(false);
    await loop.stop();
    expect(rounds.begun).toBeGreaterThanOrEqual(3);
  });

  it('is woken between two looks, and does one more for whoever woke it during one', async () => {
    const rounds = new Rounds();
    const loop = new DueLoop({ name: 'test', round: rounds.round, everyMs: 3_600_000 });
    loop.start();
    loop.wake();
    await rounds.begins();
    loop.wake();
    loop.wake();
    rounds.end(false);
    await rounds.begins();
    expect(rounds.begun).toBe(2);
    rounds.end(false);
    await loop.stop();
    expect(rounds.begun).toBe(2);
  });

  it('goes on after a round that failed', async () => {
    let rounds = 0;
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const loop = new DueLoop({
      name: 'test',
      everyMs: 1,
      round: () => {
        rounds += 1;
        if (rounds === 1) return Promise.reject(new Error('the database is away'));
        finish();
        return Promise.resolve(false);
      },
    });
    loop.start();
    await finished;
    await loop.stop();
    expect(rounds).toBeGreaterThanOrEqual(2);
  });

  it('stops after the round under way, and is not woken any more', async () => {
    const rounds = new Rounds();
    const loop = new DueLoop({ name: 'test', round: rounds.round, everyMs: 3_600_000 });
    loop.start();
    loop.wake();
    await rounds.begins();
    let isStopped = false;
    const stopping = loop.stop().then(() => {
      isStopped = true;
    });
    await Promise.resolve();
    expect(isStopped).toBe(false);
    rounds.end(true);
    await stopping;
    loop.wake();
    expect(rounds.begun).toBe(1);
  });
});
