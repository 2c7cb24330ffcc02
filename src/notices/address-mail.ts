import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';
import {
  AccountMail,
  type AccountMessage,
  type AddressMessage,
} from '../accounts/email-change/account-mail.js';
import { emailKeyOf } from '../accounts/email-address.js';
import { MailQueue } from '../mail/mail-queue.js';
import { GIVE_UP_SECONDS } from '../mail/mail-settings.js';
import { Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import { brandedMail } from './branded-mail.js';
import { instantIn } from './instant.js';
import { knownLanguage, languageOf, type Language } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import { MailBrands } from './mail-brand.js';
import { MESSAGES } from './mail-messages.js';
import { signInBody } from './sign-in-mail.js';

/** Mails what the accounts room has to say about the address of an account and signing in to it. It is about no tenant but the region. */
@Injectable()
export class AddressMail extends AccountMail {
  constructor(
    private readonly brands: MailBrands,
    private readonly queue: MailQueue,
    private readonly clock: Clock,
  ) {
    super();
  }

  get isConfigured(): boolean {
    return this.queue.isOpen;
  }

  async accept(manager: EntityManager, message: AccountMessage): Promise<void> {
    const brand = this.brands.own;
    const { kind, accountId, to } = message;
    const language = await languageFor(manager, message);
    const addressing = {
      kind,
      accountId,
      to,
      replyTo: null,
      uniqueKey: null,
      usefulSeconds:
        'expiresAt' in message
          ? Math.floor((message.expiresAt.getTime() - this.clock.now().getTime()) / SECOND)
          : GIVE_UP_SECONDS,
    };
    const body =
      'language' in message
        ? signInBody({ ...message, language }, brand, this.clock.now())
        : {
            ...addressBody(message, language),
            action: null,
            remarks: [],
            footer: MESSAGES[language].sentBy(brand.host),
            unsubscribe: null,
          };
    const isQueued = await this.queue.add(
      manager,
      brandedMail(addressing, body, { brand, language }),
    );
    if (!isQueued) throw new Error(`a mail of kind ${kind} could not be queued`);
  }
}

/** That of the account with this address, which may be another's; else of the account that it is about, or of the browser. */
async function languageFor(manager: EntityManager, message: AccountMessage): Promise<Language> {
  const accounts = manager.getRepository(AccountEntity);
  const ofAddress = await accounts.findOneBy({ emailKey: emailKeyOf(message.to) });
  // As many statements for an address without an account, here and below.
  if ('language' in message) return knownLanguage(ofAddress?.language ?? null) ?? message.language;
  const about = await accounts.findOneBy({ id: message.accountId });
  return languageOf((ofAddress ?? about)?.language ?? null);
}

export function addressBody(
  message: AddressMessage,
  language: Language,
): Pick<MailBody, 'subject' | 'heading' | 'paragraphs'> {
  const { address: texts } = MESSAGES[language];
  const titled = (subject: string, paragraphs: string[]) => ({
    subject,
    heading: subject,
    paragraphs,
  });
  switch (message.kind) {
    case 'email_change_old':
      return titled(texts.oldSubject, [
        texts.old(message.newEmail),
        texts.code(message.code),
        texts.until(instantIn(language, message.expiresAt)),
        texts.ignore,
      ]);
    case 'email_change_new':
      return titled(texts.newSubject, [
        texts.new,
        texts.code(message.code),
        texts.until(instantIn(language, message.expiresAt)),
        texts.ignoreNew,
      ]);
    case 'email_in_use':
      return titled(texts.usedSubject, [texts.used]);
    case 'email_changed':
      return titled(texts.changedSubject, [texts.changed(message.newEmail), texts.undo]);
  }
}
