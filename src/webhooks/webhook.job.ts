import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../database/background-job.js';
import { LeasedWork } from '../database/leased-work.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { DeliveryQueue, type LeasedWebhook } from './delivery-queue.js';
import { WebhookDelivery } from './webhook-delivery.js';
import { WebhookSettings } from './webhook-settings.js';

/** Less than the process has to stop, and longer than an attempt. */
const STOP_WITHIN = 12 * SECOND;

/** Sends to the webhooks that are due. One process leases each webhook. */
@Injectable()
export class WebhookJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(WebhookJob.name);
  readonly #work: LeasedWork<LeasedWebhook>;

  constructor(
    { parallel }: WebhookSettings,
    queue: DeliveryQueue,
    private readonly delivery: WebhookDelivery,
  ) {
    super();
    this.#work = new LeasedWork<LeasedWebhook>({
      name: WebhookJob.name,
      parallel,
      take: (owner, limit) => queue.takeDue(owner, limit),
      attempt: (webhook) => this.#attempt(webhook),
      stopWithin: STOP_WITHIN,
    });
  }

  protected override begin(): void {
    this.#work.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /** Takes what is due, and waits until it was sent. Returns how many webhooks that were. */
  round(): Promise<number> {
    return this.#work.round();
  }

  /** The webhook may have a next event. */
  async #attempt(webhook: LeasedWebhook): Promise<boolean> {
    try {
      await this.delivery.attempt(webhook);
    } catch (err) {
      // The lease ends by itself.
      this.#logger.warn({ webhookId: webhook.id, err }, 'attempt at a webhook failed');
    }
    return true;
  }
}
