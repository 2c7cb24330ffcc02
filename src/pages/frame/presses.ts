import { hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import { chargesOf } from '../../auth/caller-charges.js';
import { applyStanding } from '../../limits/limit-headers.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { PressStore, type PressMark, type PressOutcome } from '../../secrets/press.store.js';
import { SECOND } from '../../shared/durations.js';
import { loggerFor } from '../../shared/log-scope.js';
import { FormNonces, type FormName } from './form-nonces.js';
import type { Page } from './page.js';
import { CONFIRM, CONFIRMED, type SentForm } from './page-form.js';
import { SealedMemory } from './sealed-memory.js';

const ANSWER_KEPT = 10 * SECOND;
/** A larger refusal repeats what was typed; nothing was done, so it can be made again. */
const REFUSAL_BYTES_MAX = 8 * 1024;
const MARK_BYTES = 16;
/** For the outcome of a press that another process has begun: longer than a passphrase waits in line. */
const WAIT_MAX = 10 * SECOND;
const LOOK_EVERY = 100;

/** One press of a button, as it arrived. */
export interface Press {
  readonly caller: Caller;
  readonly name: FormName;
  readonly sent: SentForm;
}

/** Why a press is not taken for one of a person who sees the page: it is old or forged, or nobody has confirmed it. */
export type PressDoubt = 'stale' | 'unconfirmed';

/** The answers to a press. */
export interface PressAnswers {
  /** Acts on the form. What it does is written together with its outcome, under `mark`. */
  act(mark: PressMark | null): Promise<Page>;
  /** Another process has acted, or is about to: the page that says what became of it. */
  tell(outcome: PressOutcome): Promise<Page>;
}

/**
 * Makes a double click one submission: the same form sent twice within ten seconds is acted on once, in all processes.
 * In the process that acted both requests get one answer; another process says what happened (docs/decisions/0018).
 */
@Injectable()
export class Presses implements OnModuleDestroy {
  readonly #logger = loggerFor(Presses.name);
  readonly #answers = new SealedMemory(ANSWER_KEPT);
  readonly #inWork = new Map<string, Promise<Page>>();

  constructor(
    private readonly nonces: FormNonces,
    private readonly limits: RateLimits,
    private readonly store: PressStore,
  ) {}

  /** The nonce of a form that is shown now. */
  nonceFor(caller: Caller, name: FormName): string {
    return this.nonces.issue(caller, name);
  }

  /** Of a form with a PersonField; null: a person has pressed its button (docs/decisions/0033). */
  doubtOf({ caller, name, sent }: Press): PressDoubt | null {
    if (!this.nonces.isFresh(sent.get('press') ?? '', caller, name)) return 'stale';
    return sent.get(CONFIRM) === CONFIRMED ? null : 'unconfirmed';
  }

  /** Counts the press and answers it by itself: whatever it asks for is not done. */
  async refuse(press: Press, act: () => Promise<Page>): Promise<Page> {
    await this.#charge(press);
    return act();
  }

  /**
   * The answer to the first request of this press. Without a valid nonce each request is a press.
   * @throws AppError `rate_limited`, and whatever `act` throws
   */
  async answer(press: Press, answers: PressAnswers): Promise<Page> {
    const secret = this.#secretOf(press);
    if (secret === null) return this.refuse(press, () => answers.act(null));
    const inWork = this.#inWork.get(secret);
    if (inWork !== undefined) return inWork;
    const kept = this.#answers.recall(secret);
    if (kept !== null) return JSON.parse(kept) as Page;
    const answer = this.#first(press, markOf(secret), answers);
    this.#inWork.set(secret, answer);
    try {
      const page = await answer;
      if (isKept(page)) this.#answers.keep(secret, JSON.stringify(page), press.caller.network);
      return page;
    } finally {
      this.#inWork.delete(secret);
    }
  }

  onModuleDestroy(): void {
    this.#answers.clear();
  }

  /** The first request that reached this process. */
  async #first(press: Press, mark: PressMark, answers: PressAnswers): Promise<Page> {
    try {
      await this.#charge(press);
    } catch (refusal) {
      // The last that the limit allows may be this very press, in another process.
      const outcome = await this.#settled(mark);
      if (outcome === null) throw refusal;
      return answers.tell(outcome);
    }
    const giveUpAt = performance.now() + WAIT_MAX;
    while (!(await this.store.begin(mark))) {
      const outcome = await this.#settled(mark);
      if (outcome !== null) return answers.tell(outcome);
      if (performance.now() > giveUpAt) return answers.tell('begun');
    }
    return this.#act(press, mark, answers);
  }

  async #act({ name }: Press, mark: PressMark, answers: PressAnswers): Promise<Page> {
    let page: Page | null = null;
    try {
      page = await answers.act(mark);
      return page;
    } finally {
      // A form that creates can be refused again at no cost; a guess at a passphrase counts.
      const isFinal = page !== null && !isTemporary(page) && name.form !== 'create';
      if (page === null || page.status >= 400) await this.#end(mark, isFinal);
    }
  }

  /** What a form that did nothing leaves. Its answer does not depend on it. */
  async #end(mark: PressMark, isFinal: boolean): Promise<void> {
    try {
      await (isFinal ? this.store.refuse(mark) : this.store.forget(mark));
    } catch (err) {
      this.#logger.warn({ err }, 'outcome of a pressed button not written');
    }
  }

  /** Waits while it is in work. Null: nobody acts on it. */
  async #settled(mark: PressMark): Promise<PressOutcome | null> {
    const giveUpAt = performance.now() + WAIT_MAX;
    let outcome = await this.store.outcomeOf(mark);
    while (outcome === 'begun' && performance.now() < giveUpAt) {
      await setTimeout(LOOK_EVERY);
      outcome = await this.store.outcomeOf(mark);
    }
    return outcome;
  }

  /** Once for each press. @throws AppError `rate_limited` */
  async #charge({ caller, name, sent }: Press): Promise<void> {
    const action = name.form === 'create' ? 'create' : 'open';
    applyStanding(sent.sink, await this.limits.charge(chargesOf(action, caller, null)));
  }

  /**
   * The nonce with all fields: whoever goes back and writes something else presses anew, and a wrong passphrase does
   * not get the answer to the right one.
   */
  #secretOf({ caller, name, sent }: Press): string | null {
    const nonce = sent.get('press') ?? '';
    if (!this.nonces.isValid(nonce, caller, name)) return null;
    return `${nonce} ${hash('sha256', sent.body, 'base64')}`;
  }
}

/** Gives neither the nonce nor what was sent with it, and opens no kept answer. */
function markOf(secret: string): PressMark {
  return hash('sha256', `onetime press\0${secret}`, 'buffer').subarray(0, MARK_BYTES);
}

/** An outage or a limit is not kept: the next press may succeed. */
function isKept(page: Page): boolean {
  if (page.status < 400) return true;
  return !isTemporary(page) && page.body.length <= REFUSAL_BYTES_MAX;
}

function isTemporary({ status }: Page): boolean {
  return status >= 500 || status === 429;
}
