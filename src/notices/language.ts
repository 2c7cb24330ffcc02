/** The languages of mails; the first is used where nobody has chosen. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'nl', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `de`, `DE` and `de-AT` are German; English for null and every other text. */
export function languageOf(text: string | null): Language {
  const primary = text?.trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary) ?? LANGUAGES[0];
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** A day and a time in UTC, which every reader can convert. */
export function instantIn(language: Language, instant: Date): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(instant)} UTC`;
}
