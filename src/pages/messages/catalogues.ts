import type { Language } from '../../shared/language.js';
import { accountAr } from './account/ar.js';
import { accountDe } from './account/de.js';
import { accountEn } from './account/en.js';
import { accountEs } from './account/es.js';
import { accountFr } from './account/fr.js';
import { accountNl } from './account/nl.js';
import { activityAr } from './activity/ar.js';
import { activityDe } from './activity/de.js';
import { activityEn } from './activity/en.js';
import { activityEs } from './activity/es.js';
import { activityFr } from './activity/fr.js';
import { activityNl } from './activity/nl.js';
import { brandAr } from './brand/ar.js';
import { brandDe } from './brand/de.js';
import { brandEn } from './brand/en.js';
import { brandEs } from './brand/es.js';
import { brandFr } from './brand/fr.js';
import { brandNl } from './brand/nl.js';
import { connectAr } from './connect/ar.js';
import { domainsAr } from './domains/ar.js';
import { connectDe } from './connect/de.js';
import { domainsDe } from './domains/de.js';
import { connectEn } from './connect/en.js';
import { domainsEn } from './domains/en.js';
import { connectEs } from './connect/es.js';
import { domainsEs } from './domains/es.js';
import { connectFr } from './connect/fr.js';
import { domainsFr } from './domains/fr.js';
import { connectNl } from './connect/nl.js';
import { domainsNl } from './domains/nl.js';
import { frameAr } from './frame/ar.js';
import { frameDe } from './frame/de.js';
import { frameEn } from './frame/en.js';
import { frameEs } from './frame/es.js';
import { frameFr } from './frame/fr.js';
import { frameNl } from './frame/nl.js';
import { issuesAr } from './issues/ar.js';
import { issuesDe } from './issues/de.js';
import { issuesEn } from './issues/en.js';
import { issuesEs } from './issues/es.js';
import { issuesFr } from './issues/fr.js';
import { issuesNl } from './issues/nl.js';
import { ownerAr } from './owner/ar.js';
import { ownerDe } from './owner/de.js';
import { ownerEn } from './owner/en.js';
import { ownerEs } from './owner/es.js';
import { ownerFr } from './owner/fr.js';
import { ownerNl } from './owner/nl.js';
import { publicAr } from './public/ar.js';
import { publicDe } from './public/de.js';
import { publicEn } from './public/en.js';
import { publicEs } from './public/es.js';
import { publicFr } from './public/fr.js';
import { publicNl } from './public/nl.js';
import { securityAr } from './security/ar.js';
import { securityDe } from './security/de.js';
import { securityEn } from './security/en.js';
import { securityEs } from './security/es.js';
import { securityFr } from './security/fr.js';
import { securityNl } from './security/nl.js';
import { transferAr } from './transfer/ar.js';
import { transferDe } from './transfer/de.js';
import { transferEn } from './transfer/en.js';
import { transferEs } from './transfer/es.js';
import { transferFr } from './transfer/fr.js';
import { transferNl } from './transfer/nl.js';
import { webhooksAr } from './webhooks/ar.js';
import { webhooksDe } from './webhooks/de.js';
import { webhooksEn } from './webhooks/en.js';
import { webhooksEs } from './webhooks/es.js';
import { webhooksFr } from './webhooks/fr.js';
import { webhooksNl } from './webhooks/nl.js';

const en = {
  ...frameEn,
  ...publicEn,
  ...accountEn,
  ...activityEn,
  ...brandEn,
  ...connectEn,
  ...domainsEn,
  ...issuesEn,
  ...ownerEn,
  ...securityEn,
  ...transferEn,
  ...webhooksEn,
};

/** The name of a text. English has all of them, and the compiler demands them of the others. */
export type MessageKey = keyof typeof en;

/** ICU messages, by language and key. */
export const CATALOGUES: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = {
  en,
  de: {
    ...frameDe,
    ...publicDe,
    ...accountDe,
    ...activityDe,
    ...brandDe,
    ...connectDe,
    ...domainsDe,
    ...issuesDe,
    ...ownerDe,
    ...securityDe,
    ...transferDe,
    ...webhooksDe,
  },
  fr: {
    ...frameFr,
    ...publicFr,
    ...accountFr,
    ...activityFr,
    ...brandFr,
    ...connectFr,
    ...domainsFr,
    ...issuesFr,
    ...ownerFr,
    ...securityFr,
    ...transferFr,
    ...webhooksFr,
  },
  es: {
    ...frameEs,
    ...publicEs,
    ...accountEs,
    ...activityEs,
    ...brandEs,
    ...connectEs,
    ...domainsEs,
    ...issuesEs,
    ...ownerEs,
    ...securityEs,
    ...transferEs,
    ...webhooksEs,
  },
  nl: {
    ...frameNl,
    ...publicNl,
    ...accountNl,
    ...activityNl,
    ...brandNl,
    ...connectNl,
    ...domainsNl,
    ...issuesNl,
    ...ownerNl,
    ...securityNl,
    ...transferNl,
    ...webhooksNl,
  },
  ar: {
    ...frameAr,
    ...publicAr,
    ...accountAr,
    ...activityAr,
    ...brandAr,
    ...connectAr,
    ...domainsAr,
    ...issuesAr,
    ...ownerAr,
    ...securityAr,
    ...transferAr,
    ...webhooksAr,
  },
};
