import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { BackgroundJob } from '../database/background-job.js';
import { LeasedWork } from '../database/leased-work.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { MailDelivery } from './mail-delivery.js';
import { MailSender } from './mail-sender.js';
import { MAIL_TIMING } from './mail-settings.js';
import { type LeasedMail, MailStore } from './mail.store.js';

/** Less than the process has to stop. */
const STOP_WITHIN = 15 * SECOND;

/** Sends the mails that are due. One process leases each mail. */
@Injectable()
export class MailJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(MailJob.name);
  readonly #work = new LeasedWork<LeasedMail>({
    name: MailJob.name,
    parallel: MAIL_TIMING.parallel,
    take: (owner, limit) => this.store.takeDue(owner, limit),
    attempt: (mail) => this.#attempt(mail),
    stopWithin: STOP_WITHIN,
  });

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
    this.#work.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /** Takes one batch and sends it to its end. */
  async round(): Promise<void> {
    await this.#work.round();
  }

  async #attempt(mail: LeasedMail): Promise<boolean> {
    try {
      await this.delivery.attempt(mail);
    } catch (err) {
      const { id, kind } = mail;
      this.#logger.warn({ mailId: id, mailKind: kind, err }, 'attempt at a mail failed');
    }
    return false;
  }
}
