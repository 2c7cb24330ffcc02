import type { Language } from '../shared/language.js';
import { ar } from './messages/ar.js';
import { de } from './messages/de.js';
import { en } from './messages/en.js';
import { es } from './messages/es.js';
import { fr } from './messages/fr.js';
import { nl } from './messages/nl.js';
import type { MailMessages } from './messages/messages.js';

export const MESSAGES: Readonly<Record<Language, MailMessages>> = { en, de, fr, es, nl, ar };
