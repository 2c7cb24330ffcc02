import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ZodError } from 'zod';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { OutboxListeners } from '../outbox/outbox-listeners.js';
import type { StoredEvent } from '../outbox/outbox-event.js';
import { OutboxReader } from '../outbox/outbox-reader.js';
import { loggerFor } from '../shared/log-scope.js';
import { EventNotices } from './event-notices.js';

const READER = 'notices';

/** Reads the events of accounts and queues their mails, each once. */
@Injectable()
export class NoticesJob extends BackgroundJob<Promise<void>> implements OnModuleDestroy {
  readonly #logger = loggerFor(NoticesJob.name);
  readonly #loop = new DueLoop({ name: NoticesJob.name, round: () => this.round() });

  constructor(
    private readonly reader: OutboxReader,
    private readonly listeners: OutboxListeners,
    private readonly notices: EventNotices,
  ) {
    super();
  }

  protected override async begin(): Promise<void> {
    await this.listeners.listen(READER, null, this.notices.types);
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Returns whether more may be there. */
  round(): Promise<boolean> {
    return this.reader.read(READER, async (manager, events) => {
      for (const event of events) await this.#handle(manager, event);
    });
  }

  /** An event of another version is left out: it must not hold up those behind it. */
  async #handle(manager: EntityManager, event: StoredEvent): Promise<void> {
    try {
      await this.notices.handle(manager, event);
    } catch (err) {
      if (!(err instanceof ZodError)) throw err;
      const { id, type, accountId } = event;
      this.#logger.error({ eventId: id, type, accountId, err }, 'event not understood, left out');
    }
  }
}
