import { MINUTE, SECOND } from '../../shared/durations.js';

export interface Beating {
  readonly isServing: boolean;
  readonly isStopping: boolean;
  /** Whether it was killed because it hangs. */
  readonly isHanging: boolean;
  /** How long nothing was heard of it. */
  readonly silentMs: number;
  /** Asks for a sign of life. */
  beat(): void;
  /** Its silence so far does not count. */
  excuse(): void;
}

export interface HeartbeatTimes {
  readonly every: number;
  /** How long a worker that serves may be silent while another one answers. */
  readonly silentWithin: number;
  /** How long when none answers, which the machine's load may do, and for one that starts, which loads modules. */
  readonly allSilentWithin: number;
}

export const HEARTBEAT: HeartbeatTimes = {
  every: 5 * SECOND,
  silentWithin: 30 * SECOND,
  allSilentWithin: 2 * MINUTE,
};

/** Asks each worker for a sign of life. One that is stopped, or whose event loop is blocked, gives none. */
export class Heartbeat<Worker extends Beating> {
  #timer: NodeJS.Timeout | null = null;
  #lastRoundAt = 0;
  #lastEndAt = -Infinity;

  constructor(
    private readonly workers: () => readonly Worker[],
    private readonly onHanging: (worker: Worker) => void,
    private readonly times: HeartbeatTimes,
  ) {}

  start(): void {
    this.#lastRoundAt = performance.now();
    this.#timer = setInterval(() => this.#round(), this.times.every).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #round(): void {
    const now = performance.now();
    const sinceLastRound = now - this.#lastRoundAt;
    this.#lastRoundAt = now;
    // One that was told to stop has a deadline of its own.
    const asked = this.workers().filter(({ isStopping, isHanging }) => !isStopping && !isHanging);
    // This process stood still too: the machine was paused, or has no time for anybody.
    if (sinceLastRound > 2 * this.times.every) for (const worker of asked) worker.excuse();
    const hanging = asked.filter((worker) => worker.silentMs > this.#within(worker, asked));
    for (const worker of asked) worker.beat();
    // One at a time: when it is gone, the others may answer again.
    if (now - this.#lastEndAt < this.times.silentWithin) return;
    const [longest] = hanging.toSorted((one, other) => other.silentMs - one.silentMs);
    if (longest === undefined) return;
    this.#lastEndAt = now;
    this.onHanging(longest);
  }

  #within(worker: Worker, all: readonly Worker[]): number {
    const { every, silentWithin, allSilentWithin } = this.times;
    const anotherAnswers = all.some((other) => other !== worker && other.silentMs <= 2 * every);
    return worker.isServing && anotherAnswers ? silentWithin : allSilentWithin;
  }
}
