import type { Language } from '../../shared/language.js';
import { accountEn } from './account/en.js';
import { accountDe } from './account/de.js';
import { accountFr } from './account/fr.js';
import { accountEs } from './account/es.js';
import { accountNl } from './account/nl.js';
import { accountAr } from './account/ar.js';
import { domainsAr } from './domains/ar.js';
import { domainsDe } from './domains/de.js';
import { domainsEn } from './domains/en.js';
import { domainsEs } from './domains/es.js';
import { domainsFr } from './domains/fr.js';
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

const en = {
  ...frameEn,
  ...publicEn,
  ...accountEn,
  ...ownerEn,
  ...domainsEn,
  ...issuesEn,
  ...securityEn,
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
    ...ownerDe,
    ...domainsDe,
    ...issuesDe,
    ...securityDe,
  },
  fr: {
    ...frameFr,
    ...publicFr,
    ...accountFr,
    ...ownerFr,
    ...domainsFr,
    ...issuesFr,
    ...securityFr,
  },
  es: {
    ...frameEs,
    ...publicEs,
    ...accountEs,
    ...ownerEs,
    ...domainsEs,
    ...issuesEs,
    ...securityEs,
  },
  nl: {
    ...frameNl,
    ...publicNl,
    ...accountNl,
    ...ownerNl,
    ...domainsNl,
    ...issuesNl,
    ...securityNl,
  },
  ar: {
    ...frameAr,
    ...publicAr,
    ...accountAr,
    ...ownerAr,
    ...domainsAr,
    ...issuesAr,
    ...securityAr,
  },
};
