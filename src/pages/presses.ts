import { hash } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { SECOND } from '../shared/durations.js';
import { FormNonces, type FormName } from './form-nonces.js';
import type { Page } from './page.js';
import type { SentForm } from './page-form.js';
import { SealedMemory } from './sealed-memory.js';

const ANSWER_KEPT = 10 * SECOND;
/** A larger refusal repeats what was typed; nothing was done, so it can be made again. */
const REFUSAL_BYTES_MAX = 8 * 1024;

/** One press of a button, as it arrived. */
export interface Press {
  readonly caller: Caller;
  readonly name: FormName;
  readonly sent: SentForm;
}

/**
 * Makes a double click one submission: the same form sent twice within ten seconds is acted on once, and both requests
 * get one answer (docs/decisions/0018).
 */
@Injectable()
export class Presses implements OnModuleDestroy {
  readonly #answers = new SealedMemory(ANSWER_KEPT);
  readonly #inWork = new Map<string, Promise<Page>>();

  constructor(private readonly nonces: FormNonces) {}

  /** The nonce of a form that is shown now. */
  nonceFor(caller: Caller, name: FormName): string {
    return this.nonces.issue(caller, name);
  }

  /** The answer to the first request of this press, which `act` makes. Without a valid nonce each request is a press. */
  async answer(press: Press, act: () => Promise<Page>): Promise<Page> {
    const secret = this.#secretOf(press);
    if (secret === null) return act();
    const inWork = this.#inWork.get(secret);
    if (inWork !== undefined) return inWork;
    const kept = this.#answers.recall(secret);
    if (kept !== null) return JSON.parse(kept) as Page;
    const answer = act();
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

/** An outage or a limit is not kept: the next press may succeed. */
function isKept({ status, body }: Page): boolean {
  if (status < 400) return true;
  return status < 500 && status !== 429 && body.length <= REFUSAL_BYTES_MAX;
}
