import { Injectable } from '@nestjs/common';
import { GATEWAY } from '../accounts/activity/activity.js';
import { programVersion } from '../config/program-version.js';
import { appendEvent } from '../outbox/append-event.js';
import { loggerFor } from '../shared/log-scope.js';
import { type Delivery, DeliveryQueue, type Ending, type LeasedWebhook } from './delivery-queue.js';
import type { AttemptResult } from './webhook.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { type Attempt, WebhookSender } from './webhook-request.js';
import { signatureHeaders } from './webhook-secret.js';
import { restSeconds, retrySeconds } from './webhook-settings.js';
import { WebhookVault } from './webhook-vault.js';
import { WebhookStore } from './webhook.store.js';

const GONE = 410;
const MILLISECONDS = 1000;

/** One attempt to send one event to a leased webhook, and what follows from it. */
@Injectable()
export class WebhookDelivery {
  readonly #logger = loggerFor(WebhookDelivery.name);

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly sender: WebhookSender,
    private readonly vault: WebhookVault,
    private readonly store: WebhookStore,
    private readonly metrics: WebhookMetrics,
  ) {}

  async attempt(webhook: LeasedWebhook): Promise<void> {
    const delivery = await this.queue.begin(webhook);
    if (delivery === null) return this.queue.release(webhook);
    if (delivery.isTooLate) {
      const isOurs = await this.queue.end(webhook, delivery, given('failed', null));
      if (isOurs) this.metrics.count('failed');
      return;
    }
    const attempt = await this.#send(webhook, delivery);
    const { status } = attempt.result;
    if (status !== null && status >= 200 && status < 300)
      return this.#succeeded(webhook, delivery, attempt);
    await this.#failed(webhook, delivery, attempt);
  }

  async #send(webhook: LeasedWebhook, { id, payload }: Delivery): Promise<Attempt> {
    const secrets = this.#secretsOf(webhook);
    if (secrets === null)
      return {
        result: { status: null, failure: 'unsealed', retryAfterSeconds: null },
        durationMs: 0,
      };
    const timestampSeconds = Math.floor(Date.now() / MILLISECONDS);
    return this.sender.send({
      url: new URL(webhook.url),
      headers: {
        'content-type': 'application/json',
        'user-agent': `onetime-gateway/${programVersion()}`,
        ...signatureHeaders({ id, timestampSeconds, payload }, secrets),
      },
      body: payload,
    });
  }

  /** Null when the current one does not open, which is reported. */
  #secretsOf(webhook: LeasedWebhook): string[] | null {
    const { id, keyVersion, sealedSecret, previousKeyVersion, previousSealedSecret } = webhook;
    const current = this.vault.open(id, { keyVersion, sealed: sealedSecret });
    if (current === null) return null;
    if (previousKeyVersion === null || previousSealedSecret === null) return [current];
    const sealed = { keyVersion: previousKeyVersion, sealed: previousSealedSecret };
    const previous = this.vault.open(id, sealed);
    return previous === null ? [current] : [current, previous];
  }

  async #succeeded(webhook: LeasedWebhook, delivery: Delivery, attempt: Attempt): Promise<void> {
    const ending = { ...given('delivered', attempt), restSeconds: 0 };
    if (!(await this.queue.end(webhook, delivery, ending))) return;
    this.metrics.count('delivered');
    this.#logger.info(fieldsOf(webhook, delivery, attempt.result), 'webhook delivered');
  }

  async #failed(webhook: LeasedWebhook, delivery: Delivery, attempt: Attempt): Promise<void> {
    const { status, retryAfterSeconds } = attempt.result;
    if (delivery.isTest) {
      await this.#end(webhook, delivery, given('failed', attempt));
      return;
    }
    if (status === GONE) return this.#disable(webhook, delivery, attempt, 'gone');
    const seconds = retrySeconds(delivery.attempts, retryAfterSeconds);
    const { isLast, isDead } = await this.queue.isLast(delivery, seconds);
    if (isLast && isDead) return this.#disable(webhook, delivery, attempt, 'failing');
    await this.#end(webhook, delivery, {
      state: isLast ? 'failed' : 'waiting',
      retrySeconds: isLast ? null : seconds,
      restSeconds: restSeconds(webhook.failures + 1),
      attempt,
    });
  }

  async #end(webhook: LeasedWebhook, delivery: Delivery, ending: Ending): Promise<void> {
    if (!(await this.queue.end(webhook, delivery, ending)) || ending.attempt === null) return;
    const hasEnded = ending.state === 'failed';
    this.metrics.count(hasEnded ? 'failed' : 'postponed');
    const { retrySeconds: retryInSeconds } = ending;
    const fields = { ...fieldsOf(webhook, delivery, ending.attempt.result), retryInSeconds };
    this.#logger.warn(fields, hasEnded ? 'webhook given up' : 'webhook not delivered, will retry');
  }

  /** Its owner is told by the event, which becomes a mail. */
  async #disable(
    webhook: LeasedWebhook,
    delivery: Delivery,
    attempt: Attempt,
    reason: 'gone' | 'failing',
  ): Promise<void> {
    const { id, accountId, name, url } = webhook;
    const ending = { ...given('failed', attempt), restSeconds: restSeconds(webhook.failures + 1) };
    let isDisabled = false;
    await this.queue.withAccount(accountId, async (manager) => {
      if (!(await this.queue.end(webhook, delivery, ending, manager))) return;
      const disabled = await this.store.disable(manager, { accountId, id }, reason, GATEWAY);
      if (disabled === null) return;
      const subject = { id, name, host: new URL(url).hostname, reason };
      await appendEvent(manager, { accountId, type: 'webhook.disabled', subject });
      isDisabled = true;
    });
    if (!isDisabled) return;
    this.metrics.count('failed');
    const fields = { ...fieldsOf(webhook, delivery, attempt.result), reason };
    this.#logger.warn(fields, 'webhook disabled, its owner is told');
  }
}

/** A delivery that has ended; the attempt counts for nothing else. */
function given(state: 'delivered' | 'failed', attempt: Attempt | null): Ending {
  return { state, retrySeconds: null, restSeconds: null, attempt };
}

/** The URL's path and query may be secret. */
function fieldsOf(
  { id, accountId, url }: LeasedWebhook,
  delivery: Delivery,
  { status, failure }: AttemptResult,
) {
  return {
    webhookId: id,
    accountId,
    host: new URL(url).hostname,
    deliveryId: delivery.id,
    type: delivery.type,
    attempts: delivery.attempts,
    ...(failure === null ? { status } : { failure }),
  };
}
