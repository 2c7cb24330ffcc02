import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { StatementPart } from '../database/statement-part.js';
import { isExceeded, RateLimits } from '../limits/rate-limits.js';
import { MailQueue } from '../mail/mail-queue.js';
import { LinkDelivery, type NewLink } from '../secrets/link-delivery.js';
import { Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { brandedMail } from './branded-mail.js';
import { instantIn } from './instant.js';
import { languageOf, type Language } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import { MailBrands, type MailBrand } from './mail-brand.js';
import { MESSAGES } from './mail-messages.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

/** Mails a link to its recipient, within the limits of account and recipient. */
@Injectable()
export class RecipientMail extends LinkDelivery {
  readonly #logger = loggerFor(RecipientMail.name);

  constructor(
    private readonly brands: MailBrands,
    private readonly queue: MailQueue,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
    private readonly unsubscribing: UnsubscribeLinks,
  ) {
    super();
  }

  get isOpen(): boolean {
    return this.queue.isOpen;
  }

  async partFor({ account }: Caller, link: NewLink): Promise<StatementPart | null> {
    if (account === null || !this.queue.isOpen) return null;
    const language = languageOf(link.language);
    const brand = await this.brands.of(link.domain);
    // At the same time: the statement that stores the secret waits for both.
    const [isAllowed, unsubscribeUrl] = await Promise.all([
      this.#isWithinLimits(account.id, link.recipient),
      this.unsubscribing.linkFor(
        { list: 'links', address: link.recipient },
        { origin: brand.origin, language },
      ),
    ]);
    if (!isAllowed || unsubscribeUrl === null) return null;
    const ends = new Date(this.clock.now().getTime() + link.ttlSeconds * SECOND);
    const body = linkMail({
      link,
      sender: account.email,
      ends,
      brand,
      language,
      unsubscribeUrl,
    });
    const addressing = {
      kind: 'secret_link',
      accountId: account.id,
      to: link.recipient,
      replyTo: account.email,
      uniqueKey: null,
      usefulSeconds: link.ttlSeconds,
    };
    return this.queue.partFor(brandedMail(addressing, body, { brand, language }));
  }

  async #isWithinLimits(accountId: string, recipient: string): Promise<boolean> {
    const standing = await this.limits.charge([
      { limit: 'MAIL_ACCOUNT', subject: accountId },
      { limit: 'MAIL_RECIPIENT', subject: recipient },
      { limit: 'MAIL_PAIR', subject: `${accountId} ${recipient}` },
    ]);
    if (standing === null || !isExceeded(standing)) return true;
    this.#logger.info({ accountId, limit: standing.limit }, 'mail not queued, a limit is used up');
    return false;
  }
}

function linkMail(of: {
  readonly link: NewLink;
  readonly sender: string;
  readonly ends: Date;
  readonly brand: MailBrand;
  readonly language: Language;
  readonly unsubscribeUrl: string;
}): MailBody {
  const { link, sender, ends, brand, language, unsubscribeUrl } = of;
  const { link: texts, sentBy, refuse } = MESSAGES[language];
  return {
    subject: texts.subject(sender),
    heading: texts.heading,
    paragraphs: [texts.lead(sender, brand.host)],
    action: { label: texts.action, url: `${brand.origin}/secret/${link.secretKey}` },
    remarks: [
      texts.once(instantIn(language, ends)),
      ...(link.hasPassphrase ? [texts.passphrase] : []),
      texts.unexpected,
    ],
    footer: sentBy(brand.host),
    unsubscribe: { label: refuse.links, url: unsubscribeUrl },
  };
}
