import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '../../shared/language.js';
import { CATALOGUES, type MessageKey } from './catalogues.js';

/** What a message has in its braces. Dates and lists are formatted before. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** The texts of one language. @throws for a value that the message wants and does not get */
export type Texts = (key: MessageKey, values?: MessageValues) => string;

/** Building a message is slow, formatting one is not: each is built once, by the first page that shows it. */
const built = new Map<string, IntlMessageFormat>();

export function textsIn(language: Language): Texts {
  return (key, values = {}) => String(messageOf(language, key).format(values));
}

/** The names of a group of texts: `MessageKeyOf<'tokens.refused'>`. */
export type MessageKeyOf<Group extends string> = Extract<MessageKey, `${Group}.${string}`>;

/** Whether there is such a text. */
export function hasText(key: string): key is MessageKey {
  return Object.hasOwn(CATALOGUES.en, key);
}

function messageOf(language: Language, key: MessageKey): IntlMessageFormat {
  const name = `${language} ${key}`;
  const known = built.get(name);
  if (known !== undefined) return known;
  const text = CATALOGUES[language][key];
  const spaced = language === 'fr' ? withFrenchSpaces(text) : text;
  const message = new IntlMessageFormat(spaced, language, undefined, {
    // The views escape; a message is plain text.
    ignoreTag: true,
  });
  built.set(name, message);
  return message;
}

/** French puts a space around these marks, at which no line may break. */
function withFrenchSpaces(text: string): string {
  return text.replaceAll(/ (?=[:;!?»])|(?<=«) /g, '\u00A0');
}
