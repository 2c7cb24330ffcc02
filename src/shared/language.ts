/** The languages of pages and mails; the first is used where nobody has chosen. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'nl', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `de`, `DE` and `de-AT` are German; English for null and every other text. */
export function languageOf(text: string | null): Language {
  return knownLanguage(text) ?? LANGUAGES[0];
}

/** As languageOf(); null for a language that there are no texts in. */
export function knownLanguage(text: string | null): Language | null {
  const primary = text?.trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary) ?? null;
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
