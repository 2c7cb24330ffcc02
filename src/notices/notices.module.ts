import { Module } from '@nestjs/common';
import { LinkDelivery } from '../secrets/link-delivery.js';
import { EventNotices } from './event-notices.js';
import { NoticesJob } from './notices.job.js';
import { RecipientMail } from './recipient-mail.js';

// What this room knows: which event becomes which mail, to whom, in which language and with whose name.
// What it must not know: how a mail is sent, or how the other rooms do what they report.

/** Provides LinkDelivery to the whole cell. */
@Module({
  providers: [{ provide: LinkDelivery, useClass: RecipientMail }, EventNotices, NoticesJob],
  exports: [LinkDelivery],
})
export class NoticesModule {}
