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

/** What must be stored for an issuance to continue in another process. Seal the key before storing it. */
export interface OrderProgress {
  readonly orderUrl: string | null;
  /** PKCS #8, in clear. For this order only: each certificate has a new key. */
  readonly privateKeyPem: string;
}

export interface IssueTask extends ChallengePlan {
  readonly hostname: Hostname;
  readonly wishes: OrderWishes;
}

export type Advance =
  /** Store `progress` before the next step. `refused` is why the CA refused a wish. */
  | {
      readonly kind: 'progressed';
      readonly step: 'ordered' | 'authorized' | 'finalized';
      readonly progress: OrderProgress;
      /** The URLs of the authorizations, with the step `ordered`. */
      readonly authorizations: readonly string[];
      readonly refused: AcmeProblem | null;
    }
  /** The CA is still processing: advance the same progress later. */
  | { readonly kind: 'waiting'; readonly retryAfterSeconds: number }
  /** The CA no longer knows the order, or it expired: start a new one at once. */
  | { readonly kind: 'gone' }
  /** The order is invalid: start a new one when the problem allows. */
  | { readonly kind: 'failed'; readonly problem: AcmeProblem }
  | { readonly kind: 'issued'; readonly certificate: IssuedCertificate };

const WAIT_SECONDS = 2;
/** Milliseconds for which one step may poll. */
const POLLING_BUDGET = 20 * SECOND;

/** The start of every issuance: a new key, without an order. */
export async function newOrderProgress(): Promise<OrderProgress> {
  return { orderUrl: null, privateKeyPem: await newPrivateKeyPem() };
}

/**
 * An issuance in steps, each safe to repeat after a crash: the order's state is read from the CA each time. Call
 * advance() until it returns `issued`.
 */
export class IssueSteps {
  constructor(
    private readonly client: AcmeClient,
    private readonly task: IssueTask,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the next step of `progress`.
   * @throws AcmeProblem when the step failed; the same progress may be attempted again. A `certificate_*` problem that
   *   repeats means that the certificate is wrong: start a new order.
   */
  async advance(progress: OrderProgress): Promise<Advance> {
    if (progress.orderUrl === null) return this.#order(progress);
    const order = await this.client.findOrder(progress.orderUrl);
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
    const { authorizations } = order;
    return { kind: 'progressed', step: 'ordered', progress: ordered, authorizations, refused };
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
      // It was finalized already, by another process or before a crash.
      const wasAsked = error instanceof AcmeProblem && error.type === `${ACME_ERROR}orderNotReady`;
      if (!wasAsked) throw error;
    }
    return this.#settle(order.url, ['ready', 'processing'], { progress, step: 'finalized' });
  }

  /** Polls until the order has left the states in `leaving`. */
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
    if (!leaving.includes(order.status))
      return { kind: 'progressed', ...then, authorizations: [], refused: null };
    return { kind: 'waiting', retryAfterSeconds: retryAfterSeconds ?? WAIT_SECONDS };
  }

  async #download(order: AcmeOrder, progress: OrderProgress): Promise<Advance> {
    const { hostname } = this.task;
    if (order.certificate === null) {
      throw localProblem('unreadable_answer', 'the valid order has no certificate URL');
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
