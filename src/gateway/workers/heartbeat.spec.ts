import { jest } from '@jest/globals';
import { Heartbeat, HEARTBEAT, type Beating } from './heartbeat.js';

/** Answers each beat, or is silent from a moment on. */
class FakeWorker implements Beating {
  isServing = true;
  isStopping = false;
  isHanging = false;
  isSilent = false;
  #heardAt = performance.now();

  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  beat(): void {
    if (!this.isSilent) this.#heardAt = performance.now();
  }

  excuse(): void {
    this.#heardAt = performance.now();
  }
}

describe(Heartbeat.name, () => {
  let [one, other]: [FakeWorker, FakeWorker] = [new FakeWorker(), new FakeWorker()];
  let killed: FakeWorker[];
  let heartbeat: Heartbeat<FakeWorker>;
  beforeEach(() => {
    jest.useFakeTimers();
    [one, other, killed] = [new FakeWorker(), new FakeWorker(), []];
    const onHanging = (worker: FakeWorker): void => {
      worker.isHanging = true;
      killed.push(worker);
    };
    heartbeat = new Heartbeat(() => [one, other], onHanging, HEARTBEAT);
    heartbeat.start();
  });
  afterEach(() => {
    heartbeat.stop();
    jest.useRealTimers();
  });

  it('lets workers live that answer', () => {
    jest.advanceTimersByTime(600_000);
    expect(killed).toEqual([]);
  });

  it('ends one that is silent for more than 30 s while another answers, once', () => {
    one.isSilent = true;
    jest.advanceTimersByTime(30_000);
    expect(killed).toEqual([]);
    jest.advanceTimersByTime(600_000);
    expect(killed).toEqual([one]);
  });

  it('waits for two minutes when none answers, and ends one at a time', () => {
    [one.isSilent, other.isSilent] = [true, true];
    jest.advanceTimersByTime(120_000);
    expect(killed).toEqual([]);
    jest.advanceTimersByTime(5_000);
    expect(killed).toEqual([one]);
    other.isSilent = false;
    jest.advanceTimersByTime(600_000);
    expect(killed).toEqual([one]);
  });

  it('waits for two minutes for one that starts', () => {
    [one.isSilent, one.isServing] = [true, false];
    jest.advanceTimersByTime(120_000);
    expect(killed).toEqual([]);
    jest.advanceTimersByTime(10_000);
    expect(killed).toEqual([one]);
  });

  it('does not count the time in which it stood still itself', () => {
    one.isSilent = true;
    jest.advanceTimersByTime(25_000);
    // As when the machine was paused: the clock has moved, and no timer ran.
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    jest.advanceTimersByTime(5_000);
    now.mockRestore();
    expect(killed).toEqual([]);
  });

  it('leaves one that is told to stop to its deadline', () => {
    [one.isSilent, one.isStopping] = [true, true];
    jest.advanceTimersByTime(600_000);
    expect(killed).toEqual([]);
  });
});
