import { jest } from '@jest/globals';
import { LogLines } from '../../test/support/log-lines.js';
import { loggerFor } from '../shared/log-scope.js';
import { DueLoop, type NextRound } from './due-loop.js';

const HOUR = 3_600_000;

/** Rounds that end when the test ends them. */
class HeldRounds {
  running = 0;
  begun = 0;
  #end: ((next: NextRound) => void) | null = null;
  #waiting: (() => void) | null = null;

  readonly round = async (): Promise<NextRound> => {
    this.running += 1;
    this.begun += 1;
    expect(this.running).toBe(1);
    const next = await new Promise<NextRound>((resolve) => {
      this.#end = resolve;
      this.#waiting?.();
    });
    this.running -= 1;
    return next;
  };

  /** Resolves when a round is in progress. */
  async begins(): Promise<void> {
    if (this.#end !== null) return;
    await new Promise<void>((resolve) => {
      this.#waiting = resolve;
    });
  }

  end(next: NextRound): void {
    const end = this.#end;
    this.#end = null;
    end?.(next);
  }
}

describe(DueLoop, () => {
  it('runs rounds by itself, and another one at once while a round returns true', async () => {
    const rounds = new HeldRounds();
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

  it('begins a round at once when woken, and one more when woken during a round', async () => {
    const rounds = new HeldRounds();
    const loop = new DueLoop({ name: 'test', round: rounds.round, everyMs: HOUR });
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

  it('waits at a stop for the round in progress, and cannot be woken afterwards', async () => {
    const rounds = new HeldRounds();
    const loop = new DueLoop({ name: 'test', round: rounds.round, everyMs: HOUR });
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

  it('tells a round that the loop was stopped', async () => {
    const rounds = new HeldRounds();
    const loop = new DueLoop({ name: 'test', round: rounds.round });
    expect(loop.isStopped).toBe(false);
    void loop.startNow();
    expect(loop.isStopped).toBe(false);
    const stopping = loop.stop();
    expect(loop.isStopped).toBe(true);
    rounds.end(false);
    await stopping;
  });

  it('logs what a round throws, with the name of the loop, for the cell that made it', async () => {
    const [us, eu] = [new LogLines(), new LogLines()];
    const error = new Error('the database is away');
    const loop = us.capture(
      () => new DueLoop({ name: 'TestJob', round: () => Promise.reject(error) }),
    );
    await eu.capture(() => loop.startNow());
    await loop.stop();
    expect(eu.all).toEqual([]);
    expect(us.all).toMatchObject([
      {
        level: 'warn',
        context: 'TestJob',
        loop: 'TestJob',
        err: { message: 'the database is away' },
        msg: 'round failed, will retry',
      },
    ]);
  });

  it("runs its rounds in the scope of its cell, also when another cell's work wakes it", async () => {
    const [us, eu] = [new LogLines(), new LogLines()];
    const loop = us.capture(
      () => new DueLoop({ name: 'TestJob', round: async () => loggerFor('made late').warn('x') }),
    );
    await eu.capture(() => loop.startNow());
    eu.capture(() => loop.wake());
    await loop.stop();
    expect(eu.all).toEqual([]);
    expect(us.all.length).toBeGreaterThanOrEqual(2);
  });
});

describe('the time of the next round', () => {
  let begun: number;
  let next: NextRound;

  beforeEach(() => {
    jest.useFakeTimers();
    begun = 0;
    next = false;
  });
  afterEach(() => jest.useRealTimers());

  const loopOf = (everyMs?: number): DueLoop =>
    new DueLoop({
      name: 'test',
      ...(everyMs === undefined ? {} : { everyMs }),
      round: async () => {
        begun += 1;
        return next;
      },
    });

  it.each([
    ['1,500 ms by default', undefined, 1500],
    ['everyMs', 60, 60],
  ])('is %s after the start, and after the round before', async (_, everyMs, pauseMs) => {
    const loop = loopOf(everyMs);
    loop.start();
    for (const rounds of [0, 1]) {
      await jest.advanceTimersByTimeAsync(pauseMs - 1);
      expect(begun).toBe(rounds);
      await jest.advanceTimersByTimeAsync(1);
      expect(begun).toBe(rounds + 1);
    }
    await loop.stop();
  });

  it('is at once after startNow()', async () => {
    const loop = loopOf(60);
    await loop.startNow();
    expect(begun).toBe(1);
    await jest.advanceTimersByTimeAsync(60);
    expect(begun).toBe(2);
    await loop.stop();
  });

  it('is as many milliseconds later as the round returned', async () => {
    next = 1000;
    const loop = loopOf(60);
    await loop.startNow();
    await jest.advanceTimersByTimeAsync(999);
    expect(begun).toBe(1);
    next = undefined;
    await jest.advanceTimersByTimeAsync(1);
    expect(begun).toBe(2);
    await jest.advanceTimersByTimeAsync(60);
    expect(begun).toBe(3);
    await loop.stop();
  });

  it('is counted from the last round, also from one that wake() began', async () => {
    const loop = loopOf(60);
    loop.start();
    await jest.advanceTimersByTimeAsync(59);
    loop.wake();
    await jest.advanceTimersByTimeAsync(59);
    expect(begun).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(begun).toBe(2);
    await loop.stop();
  });

  it('does not come after a stop', async () => {
    const loop = loopOf(60);
    await loop.startNow();
    await loop.stop();
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(begun).toBe(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
