import type { Language } from '../../shared/language.js';
import type { LanguageSwitch } from './frame.js';

/** In the address of a page: the language that the visitor chooses there. */
export const LANGUAGE_PARAMETER = 'lang';

/** To the same path, with nothing of the query. */
export function plainSwitches(languages: readonly Language[]): LanguageSwitch[] {
  return switchesWith(new URLSearchParams(), languages);
}

/** To the same address with all of its query; none where there is nothing to choose. */
export function switchesWith(
  query: URLSearchParams,
  languages: readonly Language[],
): LanguageSwitch[] {
  if (languages.length < 2) return [];
  return languages.map((language) => {
    const chosen = new URLSearchParams(query);
    chosen.set(LANGUAGE_PARAMETER, language);
    return { language, href: `?${chosen.toString()}` };
  });
}
