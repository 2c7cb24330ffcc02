import type { CellConfig } from '../config/cell-config.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';
import type {
  CertificateSubject,
  domainSubject,
  openedSubject,
  proofSubject,
  webhookSubject,
} from './account-event.js';
import { instantIn } from './instant.js';
import type { Language } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import type { MailBrand } from './mail-brand.js';
import { MESSAGES } from './mail-messages.js';
import type { z } from 'zod';

/** Where and in which language a notice is written. */
export interface NoticeScene {
  readonly brand: MailBrand;
  readonly language: Language;
  /** Of the region's own host, which answers the API about domains. */
  readonly apiOrigin: string;
  /** Of the reader's address. */
  readonly unsubscribeUrl: string;
}

export function apiOriginOf({ host, publicHttpsPort }: CellConfig): string {
  return httpsOrigin(host, publicHttpsPort);
}

export function openedBody(
  secret: z.output<typeof openedSubject>,
  openedAt: Date,
  scene: NoticeScene,
): MailBody {
  const { opened: texts } = MESSAGES[scene.language];
  const [recipient] = secret.recipients;
  return noticeOf(scene, {
    subject: texts.subject,
    heading: texts.heading,
    paragraphs: [
      texts.lead(instantIn(scene.language, secret.created_at), scene.brand.host),
      ...(recipient === undefined ? [] : [texts.recipient(recipient)]),
      texts.at(instantIn(scene.language, openedAt)),
      texts.unexpected,
    ],
  });
}

export function domainGivenBody(
  { domain }: z.output<typeof domainSubject>,
  scene: NoticeScene,
): MailBody {
  const { domainGiven: texts } = MESSAGES[scene.language];
  const host = domain ?? '';
  return noticeOf(scene, {
    subject: texts.subject(host),
    heading: texts.heading,
    paragraphs: [texts.lead(host), texts.secrets, texts.unexpected],
  });
}

export function proofMissingBody(
  { id, missing_since: since, lapses_at: lapses }: z.output<typeof proofSubject>,
  scene: NoticeScene,
): MailBody {
  const { proofMissing: texts } = MESSAGES[scene.language];
  const { host } = scene.brand;
  return noticeOf(scene, {
    subject: texts.subject(host),
    heading: texts.heading,
    paragraphs: [
      texts.lead(host, instantIn(scene.language, since)),
      texts.consequence(instantIn(scene.language, lapses)),
      texts.remedy,
      whereToLook(scene, id),
    ],
  });
}

/** @param isUploaded the owner renews it, and not we */
export function certificateTroubleBody(
  { id, not_after: notAfter }: CertificateSubject,
  { isUploaded, hasEnded }: { readonly isUploaded: boolean; readonly hasEnded: boolean },
  scene: NoticeScene,
): MailBody {
  const { certificateTrouble: texts } = MESSAGES[scene.language];
  const { host } = scene.brand;
  const ends = notAfter === null ? null : instantIn(scene.language, notAfter);
  return noticeOf(scene, {
    subject: texts.subject(host),
    heading: texts.heading,
    paragraphs: [
      isUploaded ? texts.uploaded(host) : texts.renewal(host),
      ...(ends === null ? [] : [hasEnded ? texts.ended(ends) : texts.until(ends)]),
      isUploaded ? texts.uploadAgain : texts.remedy,
      whereToLook(scene, id),
    ],
  });
}

export function certificateRenewedBody(
  { not_after: notAfter }: CertificateSubject,
  scene: NoticeScene,
): MailBody {
  const { certificateRenewed: texts } = MESSAGES[scene.language];
  const { host } = scene.brand;
  return noticeOf(scene, {
    subject: texts.subject(host),
    heading: texts.heading,
    paragraphs: [
      texts.lead(host),
      ...(notAfter === null ? [] : [texts.until(instantIn(scene.language, notAfter))]),
    ],
  });
}

export function webhookDisabledBody(
  { id, name, host, reason }: z.output<typeof webhookSubject>,
  scene: NoticeScene,
): MailBody {
  const { webhookDisabled: texts } = MESSAGES[scene.language];
  return noticeOf(scene, {
    subject: texts.subject(name),
    heading: texts.heading,
    paragraphs: [
      reason === 'gone' ? texts.gone(name, host) : texts.failing(name, host),
      texts.remedy,
      `GET ${scene.apiOrigin}/api/account/webhooks/${id}/deliveries`,
    ],
  });
}

function whereToLook({ apiOrigin }: NoticeScene, id: string): string {
  return `GET ${apiOrigin}/api/domains/${id}`;
}

function noticeOf(
  { brand, language, unsubscribeUrl }: NoticeScene,
  body: Pick<MailBody, 'subject' | 'heading' | 'paragraphs'>,
): MailBody {
  const { sentBy, refuse } = MESSAGES[language];
  return {
    ...body,
    action: null,
    remarks: [],
    footer: sentBy(brand.host),
    unsubscribe: { label: refuse.notices, url: unsubscribeUrl },
  };
}
