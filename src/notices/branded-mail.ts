import type { OutgoingMail } from '../mail/outgoing-mail.js';
import type { Language } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import type { MailBrand } from './mail-brand.js';
import { renderHtml } from './render-html.js';
import { renderText } from './render-text.js';

type Addressing = Pick<
  OutgoingMail,
  'kind' | 'accountId' | 'to' | 'replyTo' | 'uniqueKey' | 'usefulSeconds'
>;

/** A mail with the tenant's name and colours, as text and as HTML. */
export function brandedMail(
  addressing: Addressing,
  body: MailBody,
  { brand, language }: { readonly brand: MailBrand; readonly language: Language },
): OutgoingMail {
  const { footerText } = brand;
  const whole = footerText === null ? body : { ...body, footer: `${body.footer}\n${footerText}` };
  return {
    ...addressing,
    senderName: brand.name,
    unsubscribeUrl: body.unsubscribe?.url ?? null,
    subject: body.subject,
    text: renderText(whole),
    html: renderHtml(whole, brand, language),
    language,
  };
}
