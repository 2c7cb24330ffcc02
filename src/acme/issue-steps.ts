import { Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import type { IssuedCertificate } from './issued-certificate.js';
import type { AcmeClient, OrderWishes } from './acme-client.js';
import type { AcmeOrder } from './acme-objects.js';
import { ACME_ERROR, AcmeProblem, localProblem } from './acme-problem.js';
import { authorize, orderFailure, type ChallengePlan } from './authorize-order.js';
import { certificateRequest, newPrivateKeyPem } from './certificate-request.js';
import { checkIssuedChain } from './issued-chain.js';
import { placeOrder } from './place-order.js';
import { poll } from './polling.js';

/** All that must outlive the process for an issuance to go on where it was. Seal the key before storing it. */
export interface OrderProgress {
  readonly orderUrl: string | null;
  /** PKCS #8, in clear. Of this order only: a new certificate gets a new key. */
  readonly privateKeyPem: string;
}

export interface IssueTask extends ChallengePlan {
  readonly hostname: Hostname;
  readonly wishes: OrderWishes;
}

export type Advance =
  /** One step further: store `progress` before the next. `refused` is a wish that the CA did not grant. */
  | {
      readonly kind: 'progressed';
      readonly step: 'ordered' | 'authorized' | 'finalized';
      readonly progress: OrderProgress;
      readonly refused: AcmeProblem | null;
    }
  /** The CA is still at work: the same progress again, later. */
  | { readonly kind: 'waiting'; readonly retryAfterSeconds: number }
  /** The CA knows no such order any more, or let it lapse: begin anew, at once. */
  | { readonly kind: 'gone' }
  /** The CA gave the order up: begin anew, when the problem allows. */
  | { readonly kind: 'failed'; readonly problem: AcmeProblem }
  | { readonly kind: 'issued'; readonly certificate: IssuedCertificate };

const WAIT_SECONDS = 5;
/** Milliseconds that one step may poll before it hands back. */
const POLLING_BUDGET = 20 * SECOND;

/** Where every issuance begins: a key, and no order yet. */
export async function newOrderProgress(): Promise<OrderProgress> {
  return { orderUrl: null, privateKeyPem: await newPrivateKeyPem() };
}

/**
 * An issuance in steps, each safe to repeat after a crash: what was done is asked of the CA, never remembered. Call
 * advance() until it says `issued`.
 */
export class IssueSteps {
  constructor(
    private readonly client: AcmeClient,
    private readonly task: IssueTask,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the next step of `progress`.
   * @throws AcmeProblem when the step did not succeed; the same progress may be tried again. A `certificate_*` problem
   *   that comes back means that this order will never do: begin anew.
   */
  async advance(progress: OrderProgress): Promise<Advance> {
    if (progress.orderUrl === null) return this.#order(progress);
    const order = await this.#findOrder(progress.orderUrl);
    if (order === null) return { kind: 'gone' };
    switch (order.status) {
      case 'pending':
        return this.#authorize(order, progress);
      case 'ready':
        return this.#finalize(order, progress);
      case 'processing':
        return this.#settle(order.url, ['processing'], { progress, step: 'finalized' });
      case 'valid':
        return this.#download(order, progress);
      case 'invalid':
        break;
    }
    return this.#fail(order);
  }

  async #order(progress: OrderProgress): Promise<Advance> {
    const { hostname, wishes } = this.task;
    const { order, refused } = await placeOrder(this.client, hostname, wishes);
    const ordered = { ...progress, orderUrl: order.url };
    return { kind: 'progressed', step: 'ordered', progress: ordered, refused };
  }

  async #findOrder(url: string): Promise<AcmeOrder | null> {
    try {
      return (await this.client.getOrder(url)).value;
    } catch (error) {
      // 403: the order of an account that we no longer are.
      const isGone = error instanceof AcmeProblem && [403, 404, 410].includes(error.status);
      if (isGone) return null;
      throw error;
    }
  }

  async #authorize(order: AcmeOrder, progress: OrderProgress): Promise<Advance> {
    const outcome = await authorize(this.client, order, this.#plan());
    if (outcome.kind !== 'valid') return outcome;
    return this.#settle(order.url, ['pending'], { progress, step: 'authorized' });
  }

  async #finalize(order: AcmeOrder, progress: OrderProgress): Promise<Advance> {
    const csr = await certificateRequest(this.task.hostname, progress.privateKeyPem);
    try {
      await this.client.finalize(order, csr);
    } catch (error) {
      // Another process, or we before a crash, asked for it in between.
      const wasAsked = error instanceof AcmeProblem && error.type === `${ACME_ERROR}orderNotReady`;
      if (!wasAsked) throw error;
    }
    return this.#settle(order.url, ['ready', 'processing'], { progress, step: 'finalized' });
  }

  /** Waits until the order has left the states it is `leaving`. */
  async #settle(
    url: string,
    leaving: readonly AcmeOrder['status'][],
    then: { progress: OrderProgress; step: 'authorized' | 'finalized' },
  ): Promise<Advance> {
    const { value: order, retryAfterSeconds } = await poll(
      () => this.client.getOrder(url),
      ({ status }) => !leaving.includes(status),
      this.#plan(),
    );
    if (order.status === 'invalid') return this.#fail(order);
    if (!leaving.includes(order.status)) return { kind: 'progressed', ...then, refused: null };
    return { kind: 'waiting', retryAfterSeconds: retryAfterSeconds ?? WAIT_SECONDS };
  }

  async #download(order: AcmeOrder, progress: OrderProgress): Promise<Advance> {
    const { hostname } = this.task;
    if (order.certificate === null) {
      throw localProblem('unreadable_answer', 'a valid order that names no certificate');
    }
    const chainPem = await this.client.downloadChain(order.certificate);
    const { privateKeyPem } = progress;
    const chain = { hostname, privateKeyPem, chainPem };
    return { kind: 'issued', certificate: checkIssuedChain(chain, this.clock.now()) };
  }

  async #fail(order: AcmeOrder): Promise<Advance> {
    const problem = await orderFailure(this.client, order);
    return problem === null ? { kind: 'gone' } : { kind: 'failed', problem };
  }

  #plan(): ChallengePlan & { budget: number } {
    return { ...this.task, budget: this.task.budget ?? POLLING_BUDGET };
  }
}
