import { Module } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import { FileSender } from './file-sender.js';
import { MailDelivery } from './mail-delivery.js';
import { MailFailures } from './mail-failures.js';
import { MailMetrics } from './mail-metrics.js';
import { MailQueue } from './mail-queue.js';
import { MailRefusals } from './mail-refusals.js';
import { MailSender } from './mail-sender.js';
import { MAIL_TIMING } from './mail-settings.js';
import { MailVault } from './mail-vault.js';
import { MailJob } from './mail.job.js';
import { MailStore } from './mail.store.js';
import { SmtpSender } from './smtp-sender.js';
import { UnsubscribeTokens } from './unsubscribe-tokens.js';

// What this room knows: how a mail waits, is sealed, composed, sent by a server or written to a file, and retried; who refuses which mails.
// What it must not know: what a mail says, who gets one, or why.

/** Provides MailQueue and who refuses mails to the whole cell. */
@Module({
  providers: [
    {
      provide: MailSender,
      inject: [CellConfig],
      useFactory: ({ mail, host }: CellConfig): MailSender =>
        mail.smtp === null
          ? new FileSender(mail.folder)
          : new SmtpSender(mail.smtp, MAIL_TIMING, host),
    },
    MailVault,
    MailQueue,
    MailStore,
    MailMetrics,
    MailFailures,
    MailDelivery,
    MailJob,
    MailRefusals,
    UnsubscribeTokens,
  ],
  exports: [MailQueue, MailFailures, MailRefusals, UnsubscribeTokens],
})
export class MailModule {}
