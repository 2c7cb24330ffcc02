import type { Language } from '../../shared/language.js';
import type { LanguageSwitch } from './frame.js';

/** In the address of a page: the language that the visitor chooses there. */
export const LANGUAGE_PARAMETER = 'lang';

/** By the languages of a brand. */
const plain = new WeakMap<readonly Language[], readonly LanguageSwitch[]>();

/** To the same path, with nothing of the query. */
export function plainSwitches(languages: readonly Language[]): readonly LanguageSwitch[] {
  const known = plain.get(languages);
  if (known !== undefined) return known;
  const switches = switchesWith(new URLSearchParams(), languages);
  plain.set(languages, switches);
  return switches;
}

/** Whether they have nothing of a query but the language. */
export function isPlain(switches: readonly LanguageSwitch[]): boolean {
  return switches.every(({ language, href }) => href === `?${LANGUAGE_PARAMETER}=${language}`);
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
