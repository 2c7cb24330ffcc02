import pg, { type Client, type ClientConfig } from 'pg';
import { SECOND } from '../shared/durations.js';
import { AnswerWaits } from './answer-waits.js';

const TICKS = 10;
/** While the server answers others, the limit begins anew, so often in all. */
const ROUNDS_MAX = 3;

interface ClientLimits {
  /** 0: none. */
  readonly connectMs: number;
  /** For the answer to a statement without a `query_timeout` of its own. 0: none. */
  readonly answerMs: number;
  /** How often the server has answered anybody. */
  readonly answers: () => number;
}

/** pg's client as it is. No method can override the many signatures that `query` has in its types. */
type ClientBase = Omit<Client, 'query'> & { query(asked: unknown, ...rest: unknown[]): unknown };
const ClientBase = pg.Client as unknown as new (config?: string | ClientConfig) => ClientBase;

/**
 * pg's client with limits that only end a connection when the server is away. The time is counted in ticks: one that
 * comes late, because the process stood still, counts once, and what has arrived is read before the next.
 */
export function limitedClient({ connectMs, answerMs, answers }: ClientLimits): typeof Client {
  const waits = answerMs > 0 ? new AnswerWaits(answerMs) : null;
  const limited = class extends ClientBase {
    constructor(config?: string | ClientConfig) {
      super(config);
      if (connectMs > 0) this.#limitConnecting();
    }

    override query(asked: unknown, ...rest: unknown[]): unknown {
      const { query_timeout: ownMs } = asked as { readonly query_timeout?: number };
      if (ownMs === undefined) waits?.add(this);
      else waits?.delete(this);
      return super.query(asked, ...rest);
    }

    /** While the server answers others, this attempt is slow, and no proof. */
    #limitConnecting(): void {
      let [ticks, rounds, answersBefore] = [0, 0, answers()];
      const timer = setInterval(() => {
        ticks += 1;
        if (ticks < TICKS) return;
        [ticks, rounds] = [0, rounds + 1];
        const isAnswering = answers() > answersBefore;
        answersBefore = answers();
        if (isAnswering && rounds < ROUNDS_MAX) return;
        const seconds = (rounds * connectMs) / SECOND;
        this.connection.stream.destroy(
          new Error(`timeout expired: PostgreSQL did not answer within ${seconds} s`),
        );
      }, connectMs / TICKS);
      timer.unref();
      const stop = (): void => clearInterval(timer);
      this.once('connect', stop);
      this.once('end', stop);
    }
  };
  return limited as unknown as typeof Client;
}
