import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { OutboxReader } from '../outbox/outbox-reader.js';
import { DeliveryQueue } from './delivery-queue.js';
import { READER } from './webhook.store.js';

/** Reads the events of accounts and queues them for their webhooks, each once. */
@Injectable()
export class WebhookEventsJob extends BackgroundJob implements OnModuleDestroy {
  readonly #loop = new DueLoop({ name: WebhookEventsJob.name, round: () => this.round() });

  constructor(
    private readonly reader: OutboxReader,
    private readonly queue: DeliveryQueue,
  ) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Returns whether more may be there. */
  round(): Promise<boolean> {
    return this.reader.read(READER, (manager, events) => this.queue.add(manager, events));
  }
}
