import { Module } from '@nestjs/common';
import { AccountMail } from '../accounts/email-change/account-mail.js';
import { LinkDelivery } from '../secrets/link-delivery.js';
import { BrandModule } from '../brand/brand.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { AddressMail } from './address-mail.js';
import { EventNotices } from './event-notices.js';
import { FailedMails } from './failed-mails.js';
import { MailBrands } from './mail-brand.js';
import { NoticesJob } from './notices.job.js';
import { RecipientMail } from './recipient-mail.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

// What this room knows: which event becomes which mail, to whom, in which language and with whose name.
// What it must not know: how a mail is sent, or how the other rooms do what they report.

/** Provides LinkDelivery and AccountMail to the whole cell. */
@Module({
  imports: [BrandModule, DomainsModule],
  providers: [
    { provide: LinkDelivery, useClass: RecipientMail },
    { provide: AccountMail, useClass: AddressMail },
    MailBrands,
    EventNotices,
    NoticesJob,
    FailedMails,
    UnsubscribeLinks,
  ],
  exports: [LinkDelivery, AccountMail],
})
export class NoticesModule {}
