import { Injectable } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';
import { CertificateSettings } from '../certificate-settings.js';
import { KeyVault, type KeyPlace } from '../key-vault.js';
import { AcmeProblem, localProblem } from '../../acme/acme-problem.js';
import type { ChallengeType, PersistPlan } from '../../acme/authorize-order.js';
import type { Advance, OrderProgress } from '../../acme/issue-steps.js';
import { CaLedger, type Headroom, type LedgerName } from '../ca/ca-ledger.js';
import { ChallengeStore } from '../stores/challenge.store.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import type { Issuer, OrderSteps } from '../issuers/issuer.js';
import { PlacedOrders } from '../stores/placed-orders.store.js';
import type { PermitsPersist } from '../gates.js';
import type { Hostname } from '../../shared/hostname.js';
import { loggerFor } from '../../shared/log-scope.js';
import { traced } from '../../shared/tracing.js';

export interface Validation {
  /** See ChallengePlan. */
  readonly challengeTypes: readonly ChallengeType[];
  /** The challenge of the order in progress was started: DNS need not be asked again. */
  readonly isStarted: boolean;
  /** See PossibleChallenges. */
  readonly permitsPersist?: PermitsPersist;
}

export interface OrderTask {
  readonly lease: IssuanceLease;
  readonly issuer: Issuer;
  readonly name: LedgerName;
  readonly validation: Validation;
  readonly replaces: string | null;
}

export type OrderResult =
  | { readonly kind: 'issued'; readonly certificate: IssuedCertificate }
  /** The CA is still processing. */
  | { readonly kind: 'waiting'; readonly retryAfterSeconds: number }
  /** A limit of the ledger is reached, so the CA was not asked. */
  | { readonly kind: 'full'; readonly headroom: Headroom }
  | { readonly kind: 'failed'; readonly problem: AcmeProblem };

type Progressed = Extract<Advance, { kind: 'progressed' }>;

/** An order that the CA no longer knows is replaced by a new one; the third time it is a fault of the CA. */
const BEGINNINGS_MAX = 3;

/**
 * Drives one order and saves its progress before each next step. After a crash another process continues from there,
 * with the same key and, if its URL was saved, the same order.
 */
@Injectable()
export class OrderRun {
  readonly #logger = loggerFor(OrderRun.name);

  constructor(
    private readonly vault: KeyVault,
    private readonly ledger: CaLedger,
    private readonly challenges: ChallengeStore,
    private readonly settings: CertificateSettings,
    private readonly placed: PlacedOrders,
  ) {}

  async run(task: OrderTask): Promise<OrderResult> {
    try {
      const steps = await this.#open(task);
      let resumed = this.#resume(task);
      for (let beginning = 0; beginning < BEGINNINGS_MAX; beginning++) {
        const result = await this.#drive(task, steps, resumed);
        if (result.kind !== 'gone') return result;
        resumed = null;
      }
      throw localProblem('unreadable_answer', 'the CA forgets every order');
    } catch (problem) {
      if (problem instanceof AcmeProblem) return { kind: 'failed', problem };
      throw problem;
    }
  }

  async #drive(
    task: OrderTask,
    steps: OrderSteps,
    resumed: OrderProgress | null,
  ): Promise<OrderResult | { kind: 'gone' }> {
    const { lease } = task;
    if (resumed?.orderUrl === undefined || resumed.orderUrl === null) {
      const headroom = await this.#reserve(task);
      if (headroom !== null) return { kind: 'full', headroom };
    }
    let progress = resumed ?? (await this.#begin(task));
    for (;;) {
      lease.signal.throwIfAborted();
      const advance = await this.#advance(steps, progress);
      if (advance.kind !== 'progressed') return await this.#conclude(task, progress, advance);
      progress = advance.progress;
      await this.#save(task, advance);
    }
  }

  #advance(steps: OrderSteps, progress: OrderProgress): Promise<Advance> {
    return traced('certificate order step', {}, async (span) => {
      const advance = await steps.advance(progress);
      span?.add({ 'gateway.order.step': 'step' in advance ? advance.step : advance.kind });
      return advance;
    });
  }

  async #conclude(
    task: OrderTask,
    { orderUrl }: OrderProgress,
    advance: Exclude<Advance, Progressed>,
  ): Promise<OrderResult | { kind: 'gone' }> {
    if (advance.kind === 'issued') await this.#count(task, orderUrl);
    if (advance.kind !== 'waiting') await this.challenges.remove(task.lease.row.hostname);
    return advance;
  }

  #open({ lease, issuer, validation, replaces }: OrderTask): Promise<OrderSteps> {
    const { hostname } = lease.row;
    const { permitsPersist } = validation;
    return issuer.open({
      hostname,
      ...(permitsPersist !== undefined && { persist: this.#persistPlan(hostname, permitsPersist) }),
      challengeTypes: validation.challengeTypes,
      wishes: { profile: issuer.profile, replaces },
      publishChallenge: (challenge) => this.challenges.publish(hostname, challenge),
      budget: this.settings.timing.polling,
      signal: lease.signal,
    });
  }

  #persistPlan(hostname: Hostname, permits: PermitsPersist): PersistPlan {
    return {
      permits: ({ issuers, accounturi }) => permits({ issuers, accountUri: accounturi }),
      use: ({ url }) => this.challenges.note(hostname, url),
    };
  }

  /**
   * Where an earlier attempt with this issuer stopped; null: it made nothing, or its key does not open, as after the
   * root key was removed, so that the order cannot be finished.
   */
  #resume({ lease, issuer }: OrderTask): OrderProgress | null {
    const { ca, orderUrl, sealedKey, keyVersion, hostname } = lease.row;
    if (ca !== issuer.name || sealedKey === null || keyVersion === null) return null;
    try {
      const key = { sealed: sealedKey, keyVersion };
      return { orderUrl, privateKeyPem: this.vault.open(key, placeOf(hostname)) };
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      this.#logger.warn(
        { hostname, ca, keyVersion, err },
        'the key of the order in progress does not open, beginning a new order',
      );
      return null;
    }
  }

  async #begin({ lease, issuer }: OrderTask): Promise<OrderProgress> {
    const progress = await issuer.begin();
    const { sealed, keyVersion } = this.vault.seal(
      progress.privateKeyPem,
      placeOf(lease.row.hostname),
    );
    await lease.move('started', {
      ca: issuer.name,
      orderUrl: null,
      sealedKey: sealed,
      keyVersion,
      orderFailures: 0,
    });
    return progress;
  }

  async #save(task: OrderTask, advance: Progressed): Promise<void> {
    const { lease, issuer } = task;
    const { step, progress, refused } = advance;
    if (step === 'ordered') {
      await this.#record(task, advance);
      await lease.move(
        'started',
        { orderUrl: progress.orderUrl },
        { type: 'ordered', detail: { ca: issuer.name, refused: refused?.type ?? null } },
      );
    } else if (step === 'authorized') {
      await lease.move('validated', {}, { type: 'validated', detail: { ca: issuer.name } });
    } else {
      await this.#count(task, progress.orderUrl);
    }
  }

  async #record(
    { lease, issuer }: OrderTask,
    { progress: { orderUrl: url }, authorizations }: Progressed,
  ): Promise<void> {
    if (url === null) return;
    const { hostname } = lease.row;
    await this.placed.record({ url, ca: issuer.name, hostname, authorizations });
  }

  /** The local authority has no limits. */
  #reserve({ issuer, name }: OrderTask): Promise<Headroom | null> {
    if (issuer.source === 'local') return Promise.resolve(null);
    return this.ledger.reserveOrder(issuer.name, name);
  }

  /** From here on the CA counts a certificate, used or not. */
  async #count({ issuer, name }: OrderTask, orderUrl: string | null): Promise<void> {
    if (orderUrl !== null) await this.ledger.recordCertificate(issuer.name, name, orderUrl);
  }
}

function placeOf(hostname: string): KeyPlace {
  return { kind: 'order', name: hostname, version: 0 };
}
