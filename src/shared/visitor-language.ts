import { knownLanguage, LANGUAGES, type Language } from './language.js';

/** Remembers the language that a visitor has chosen on a page. */
export const LANGUAGE_COOKIE = '__Host-lang';

const RANGES_MAX = 20;
const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The languages that a tenant offers; `language` for visitors who ask for none of them. */
interface Offer {
  readonly language: Language;
  readonly languages: readonly Language[];
}

/** What a request says about its reader. */
interface Wishes {
  readonly chosen: Language | null;
  readonly cookie: string | undefined;
  readonly acceptLanguage: string | undefined;
}

/** The language of a page: chosen just now, chosen before, asked for by the browser, or the tenant's. */
export function visitorLanguage(wishes: Wishes, offer: Offer): Language {
  const isOffered = (language: Language): boolean => offer.languages.includes(language);
  const before = cookieValue(wishes.cookie, LANGUAGE_COOKIE);
  const wanted = [
    wishes.chosen,
    knownLanguage(before),
    ...acceptedLanguages(wishes.acceptLanguage),
  ];
  return wanted.find((language) => language !== null && isOffered(language)) ?? offer.language;
}

/** A language of ours by its exact name, for the address of a page; null for anything else. */
export function namedLanguage(text: unknown): Language | null {
  return LANGUAGES.find((language) => language === text) ?? null;
}

/** RFC 9110 section 12.5.4: the best first. What is not understood is left out. */
function acceptedLanguages(header: string | undefined): readonly (Language | null)[] {
  const ranges = (header ?? '').split(',', RANGES_MAX).map((range) => {
    const [tag = '', parameter] = range.split(';', 2).map((part) => part.trim());
    const quality = parameter === undefined ? '1' : QUALITY.exec(parameter)?.[1];
    return { language: knownLanguage(tag), quality: Number(quality ?? 0) };
  });
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ language }) => language);
}

function cookieValue(header: string | undefined, name: string): string | null {
  const pair = header?.split('; ').find((text) => text.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? null;
}
