import { Client, type ClientConfig } from 'pg';
import { SECOND } from '../shared/durations.js';

const TICKS = 10;
/** While the server answers others, the limit begins anew, so often in all. */
const ROUNDS_MAX = 3;

interface ConnectLimit {
  /** 0: none. */
  readonly limitMs: number;
  /** How often the server has answered anybody. */
  readonly answers: () => number;
}

/**
 * pg's client with a limit for connecting that only ends an attempt when the server is away. The time is counted in ticks:
 * one that comes late, because the process stood still, counts once, and what has arrived is read before the next. And
 * while the server answers others, this attempt is slow, and no proof.
 */
export function clientWithLimit({ limitMs, answers }: ConnectLimit): typeof Client {
  return class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      if (limitMs > 0) this.#limit();
    }

    #limit(): void {
      let [ticks, rounds, answersBefore] = [0, 0, answers()];
      const timer = setInterval(() => {
        ticks += 1;
        if (ticks < TICKS) return;
        [ticks, rounds] = [0, rounds + 1];
        const isAnswering = answers() > answersBefore;
        answersBefore = answers();
        if (isAnswering && rounds < ROUNDS_MAX) return;
        const seconds = (rounds * limitMs) / SECOND;
        this.connection.stream.destroy(
          new Error(`timeout expired: PostgreSQL did not answer within ${seconds} s`),
        );
      }, limitMs / TICKS);
      timer.unref();
      const stop = (): void => clearInterval(timer);
      this.once('connect', stop);
      this.once('end', stop);
    }
  };
}
