import type { Language } from '../../shared/language.js';
import { frameAr } from './frame/ar.js';
import { frameDe } from './frame/de.js';
import { frameEn } from './frame/en.js';
import { frameEs } from './frame/es.js';
import { frameFr } from './frame/fr.js';
import { frameNl } from './frame/nl.js';
import { publicAr } from './public/ar.js';
import { publicDe } from './public/de.js';
import { publicEn } from './public/en.js';
import { publicEs } from './public/es.js';
import { publicFr } from './public/fr.js';
import { publicNl } from './public/nl.js';

const en = { ...frameEn, ...publicEn };

/** The name of a text. English has all of them, and the compiler demands them of the others. */
export type MessageKey = keyof typeof en;

/** ICU messages, by language and key. */
export const CATALOGUES: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = {
  en,
  de: { ...frameDe, ...publicDe },
  fr: { ...frameFr, ...publicFr },
  es: { ...frameEs, ...publicEs },
  nl: { ...frameNl, ...publicNl },
  ar: { ...frameAr, ...publicAr },
};
