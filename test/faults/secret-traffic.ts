import type { Answer, Call } from '../support/https-client.js';
import type { Random } from './random.js';

/** Sends a request to one of the gateways that run now. Null: no whole answer came. */
export type Send = (request: Call) => Promise<Answer | null>;

interface Made {
  readonly value: string;
  readonly key: string;
  readonly receiptKey: string;
  /** How often its value was handed out. */
  reads: number;
  burns: number;
  /** Requests that may have ended it, and whose answer did not come or was a 503. */
  unclear: number;
}

/** What went wrong; the run must have none. */
export interface Violation {
  readonly what: string;
  readonly key: string;
}

/** Below a test's time limit. On a loaded machine gateways take a minute to start. */
const PATIENCE_MS = 200_000;

/**
 * Shares, reveals and burns, and keeps the account: a value is read once at most, and is there until somebody may have
 * claimed it. A request without an answer is asked again until there is one.
 */
export class SecretTraffic {
  readonly violations: Violation[] = [];
  readonly counts = { shared: 0, read: 0, burned: 0, unclear: 0, unanswered: 0 };
  readonly #kept: Made[] = [];
  readonly #ended: Made[] = [];

  constructor(
    private readonly send: Send,
    private readonly random: Random,
    /** What makes each value longer. */
    private readonly filler = '',
  ) {}

  /** One secret and what becomes of it. */
  async step(): Promise<void> {
    const made = await this.#share();
    if (made === null) return;
    const fate = this.random.fraction();
    if (fate < 0.15) {
      this.#kept.push(made);
    } else if (fate < 0.55) {
      await this.#end(made, [this.#reveal(made)]);
    } else if (fate < 0.8) {
      await this.#end(made, [this.#reveal(made), this.#reveal(made), this.#burn(made)]);
    } else {
      await this.#end(made, [this.#burn(made)]);
    }
  }

  /** When nothing is killed any more: what nobody asked for is still there, and what ended has ended. */
  async settle(): Promise<void> {
    for (const made of this.#kept.splice(0)) await this.#end(made, [this.#reveal(made)]);
    for (const made of this.#ended) {
      await this.#reveal(made);
      this.#check(made);
    }
  }

  async #share(): Promise<Made | null> {
    const value = `value ${this.counts.shared} ${this.random.fraction()}${this.filler}`;
    const answer = await this.send({ path: '/api/v1/share', body: { secret: value } });
    if (answer?.status !== 200) {
      this.counts.unanswered += 1;
      return null;
    }
    this.counts.shared += 1;
    const { secret_key, metadata_key } = answer.json<Record<string, string>>();
    return {
      value,
      key: String(secret_key),
      receiptKey: String(metadata_key),
      reads: 0,
      burns: 0,
      unclear: 0,
    };
  }

  async #end(made: Made, attempts: readonly Promise<unknown>[]): Promise<void> {
    await Promise.all(attempts);
    this.#check(made);
    this.#ended.push(made);
  }

  async #reveal(made: Made): Promise<void> {
    const request = { method: 'POST', path: `/api/v1/secret/${made.key}` };
    const answer = await this.#ask(made, request);
    if (answer?.status === 404 && !answer.text.includes('"Unknown secret"'))
      this.#violation(`answered 404: ${answer.text.slice(0, 100)}`, made);
    if (answer?.status !== 200) return;
    made.reads += 1;
    this.counts.read += 1;
    if (answer.json()['value'] !== made.value) this.#violation('another value was read', made);
  }

  async #burn(made: Made): Promise<void> {
    const request = { method: 'POST', path: `/api/v1/private/${made.receiptKey}/burn` };
    const answer = await this.#ask(made, request);
    if (answer?.status !== 200) return;
    made.burns += 1;
    this.counts.burned += 1;
  }

  /** Repeats the request until it is answered: with a success, or as for a key that opens nothing. */
  async #ask(made: Made, request: Call): Promise<Answer | null> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (performance.now() < giveUpAt) {
      const answer = await this.send(request);
      if (answer?.status === 200 || answer?.status === 404) return answer;
      made.unclear += 1;
      this.counts.unclear += 1;
      if (answer !== null && answer.status !== 503) {
        this.#violation(`answered ${answer.status}: ${answer.text.slice(0, 100)}`, made);
        return null;
      }
      if (answer?.status === 503 && answer.headers['retry-after'] === undefined)
        this.#violation('503 without Retry-After', made);
    }
    this.#violation('no answer in the end', made);
    return null;
  }

  #check(made: Made): void {
    const ends = made.reads + made.burns;
    if (made.reads > 1) this.#violation(`read ${made.reads} times`, made);
    else if (ends > 1) this.#violation('read and burned', made);
    else if (ends === 0 && made.unclear === 0)
      this.#violation('lost before anybody claimed it', made);
  }

  #violation(what: string, { key }: Made): void {
    this.violations.push({ what, key: key.slice(0, 6) });
  }
}
