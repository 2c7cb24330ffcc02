import type { Random } from './random.js';
import type { Send, Violation } from './secret-traffic.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** Rotates one token of an account: of its values exactly one is valid, the newest that was given out or a lost one. */
export class TokenTraffic {
  readonly violations: Violation[] = [];
  readonly counts = { rotated: 0, unclear: 0 };
  #id = '';
  #value = '';

  /** @param owner credentials that stay: `email:token` */
  constructor(
    private readonly send: Send,
    private readonly owner: string,
    private readonly random: Random,
  ) {}

  async start(): Promise<void> {
    const body = JSON.stringify({ name: `kills ${this.random.fraction()}`, scopes: ['read'] });
    const answer = await this.send({
      path: '/api/account/tokens',
      headers: JSON_BODY,
      auth: this.owner,
      body,
    });
    if (answer?.status !== 200 && answer?.status !== 201)
      throw new Error(`no token: ${answer?.status} ${answer?.text}`);
    const { record } = answer.json<{ record: { id: string; token: string } }>();
    [this.#id, this.#value] = [record.id, record.token];
  }

  async step(): Promise<void> {
    const before = this.#value;
    const answer = await this.send({
      method: 'POST',
      path: `/api/account/tokens/${this.#id}/rotate`,
      headers: JSON_BODY,
      auth: this.owner,
      body: '{}',
    });
    if (answer?.status === 200) {
      this.counts.rotated += 1;
      this.#value = answer.json<{ record: { token: string } }>().record.token;
      if ((await this.#signsIn(before)) === true) this.#violation('an old value is valid');
      if ((await this.#signsIn(this.#value)) === false)
        this.#violation('the new value is not valid');
    } else {
      // The old value is valid, or a new one that nobody has seen: the owner rotates again.
      this.counts.unclear += 1;
      if (answer !== null && answer.status !== 503) this.#violation(`answered ${answer.status}`);
    }
  }

  /** Exactly one value is stored. */
  async settle(): Promise<void> {
    await this.step();
    const answer = await this.send({ path: '/api/account/tokens', auth: this.owner });
    const { records } = answer?.json<{ records: { id: string; replaced: unknown[] }[] }>() ?? {};
    const own = records?.filter(({ id }) => id === this.#id);
    if (own?.length !== 1 || own[0]?.replaced.length !== 0) this.#violation('not one valid value');
  }

  /** Null: nobody could say. */
  async #signsIn(value: string): Promise<boolean | null> {
    const [email = ''] = this.owner.split(':', 1);
    const answer = await this.send({ path: '/api/v1/authcheck', auth: `${email}:${value}` });
    if (answer?.status === 200) return true;
    return answer === null || answer.status === 503 ? null : false;
  }

  #violation(what: string): void {
    this.violations.push({ what, key: this.#id });
  }
}
