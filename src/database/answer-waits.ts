import { SECOND } from '../shared/durations.js';

const TICK = SECOND;

/** A connection as pg has it: the statement that the server is at, and those that wait until it is ready. */
interface AskingClient {
  readonly _activeQuery: object | null;
  readonly _queryQueue: readonly object[];
  readonly connection: { readonly stream: { destroy(error: Error): void } };
}

interface Wait {
  statement: object | null;
  ticks: number;
}

/**
 * Ends the connections whose statement gets no answer in time. By pg's own limit, which counts the time in which the process
 * stood still, the answer to a claim could be thrown away when it is there, and the secret with it.
 */
export class AnswerWaits {
  readonly #waits = new Map<AskingClient, Wait>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly limitMs: number) {}

  /** Called for each statement, of which a connection has one at a time. */
  add(client: object): void {
    const asking = client as AskingClient;
    if (this.#waits.has(asking)) return;
    this.#waits.set(asking, { statement: null, ticks: 0 });
    this.#timer ??= setInterval(() => this.#tick(), TICK).unref();
  }

  delete(client: object): void {
    this.#waits.delete(client as AskingClient);
  }

  #tick(): void {
    for (const [client, wait] of this.#waits) {
      const statement = client._activeQuery ?? client._queryQueue[0] ?? null;
      wait.ticks = statement === wait.statement ? wait.ticks + 1 : 0;
      wait.statement = statement;
      if (statement === null) this.#waits.delete(client);
      else if (wait.ticks * TICK >= this.limitMs) {
        this.#waits.delete(client);
        client.connection.stream.destroy(new Error('Query read timeout'));
      }
    }
    if (this.#waits.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
