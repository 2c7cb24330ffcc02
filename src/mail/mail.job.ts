import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { MailDelivery } from './mail-delivery.js';
import { MailSender } from './mail-sender.js';
import { MAIL_TIMING } from './mail-settings.js';
import { type LeasedMail, MailStore } from './mail.store.js';

/** Less than the process has to stop. What is not done by then is leased until its lease ends. */
const STOP_WITHIN = 15 * SECOND;

/** Sends the mails that are due. One process leases each mail. */
@Injectable()
export class MailJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(MailJob.name);
  readonly #owner = randomUUID();
  readonly #running = new Set<Promise<void>>();
  readonly #loop = new DueLoop({ name: MailJob.name, round: () => this.#takeDue() });

  constructor(
    private readonly config: CellConfig,
    private readonly store: MailStore,
    private readonly delivery: MailDelivery,
    private readonly sender: MailSender,
  ) {
    super();
  }

  protected override begin(): void {
    const { smtp, folder } = this.config.mail;
    if (!this.sender.isAvailable) {
      this.#logger.warn(
        { folder },
        'no mail is sent: GATEWAY_SMTP_URL is not set, and the folder for files cannot be written',
      );
      return;
    }
    if (smtp === null)
      this.#logger.warn({ folder }, 'GATEWAY_SMTP_URL is not set: mails become files');
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    const ended = Promise.all(this.#running);
    await Promise.race([ended, delay(STOP_WITHIN, undefined, { ref: false })]);
  }

  /** Takes one batch and sends it to its end. */
  async round(): Promise<void> {
    await this.#takeDue();
    await Promise.all(this.#running);
  }

  /** Starts as many as there is room for, and does not wait for them: a slow one holds up no other. */
  async #takeDue(): Promise<boolean> {
    const room = MAIL_TIMING.parallel - this.#running.size;
    if (room <= 0) return false;
    const mails = await this.store.takeDue(this.#owner, room);
    for (const mail of mails) {
      const running = this.#attempt(mail).finally(() => {
        this.#running.delete(running);
        if (mails.length === room) this.#loop.wake();
      });
      this.#running.add(running);
    }
    return false;
  }

  async #attempt(mail: LeasedMail): Promise<void> {
    try {
      await this.delivery.attempt(mail);
    } catch (err) {
      const { id, kind } = mail;
      this.#logger.warn({ mailId: id, mailKind: kind, err }, 'attempt at a mail failed');
    }
  }
}
