import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
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
  readonly #owner = randomUUID();
  readonly #running = new Set<Promise<void>>();
  readonly #loop = new DueLoop({ name: WebhookJob.name, round: () => this.#takeDue() });

  constructor(
    private readonly settings: WebhookSettings,
    private readonly queue: DeliveryQueue,
    private readonly delivery: WebhookDelivery,
  ) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    const ended = Promise.all(this.#running);
    await Promise.race([ended, delay(STOP_WITHIN, undefined, { ref: false })]);
  }

  /** Takes what is due, and waits until it was sent. Returns how many webhooks that were. */
  async round(): Promise<number> {
    await this.#takeDue();
    const count = this.#running.size;
    await Promise.all(this.#running);
    return count;
  }

  /** Starts as many as there is room for, and does not wait for them: a slow one holds up no other. */
  async #takeDue(): Promise<boolean> {
    const room = this.settings.parallel - this.#running.size;
    if (room <= 0) return false;
    for (const webhook of await this.queue.takeDue(this.#owner, room)) {
      const running = this.#attempt(webhook).finally(() => {
        this.#running.delete(running);
        // It may have a next event, and another webhook may have waited for its place.
        this.#loop.wake();
      });
      this.#running.add(running);
    }
    return false;
  }

  async #attempt(webhook: LeasedWebhook): Promise<void> {
    try {
      await this.delivery.attempt(webhook);
    } catch (err) {
      // The lease ends by itself.
      this.#logger.warn({ webhookId: webhook.id, err }, 'attempt at a webhook failed');
    }
  }
}
