import { Module } from '@nestjs/common';
import { AccountMail } from '../accounts/email-change/account-mail.js';
import { LinkDelivery } from '../secrets/link-delivery.js';
import { AddressMail } from './address-mail.js';
import { EventNotices } from './event-notices.js';
import { FailedMails } from './failed-mails.js';
import { NoticesJob } from './notices.job.js';
import { RecipientMail } from './recipient-mail.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

// What this room knows: which event becomes which mail, to whom, in which language and with whose name.
// What it must not know: how a mail is sent, or how the other rooms do what they report.

/** Provides LinkDelivery and AccountMail to the whole cell. */
@Module({
  providers: [
    { provide: LinkDelivery, useClass: RecipientMail },
    { provide: AccountMail, useClass: AddressMail },
    EventNotices,
    NoticesJob,
    FailedMails,
    UnsubscribeLinks,
  ],
  exports: [LinkDelivery, AccountMail],
})
export class NoticesModule {}
