import type { Language } from '../../shared/language.js';
import { OwnersText } from './components.js';
import { useFrame, type LanguageSwitch } from './frame.js';
import { plainSwitches } from './switches.js';

/** Each in itself, for those who cannot read the page. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  nl: 'Nederlands',
  ar: 'العربية',
};

/** What the tenant says below every page, and the switch of languages. */
export function Footer({ isUniform }: { readonly isUniform: boolean }) {
  const { brand, texts, switches } = useFrame();
  const { footerText, supportEmail } = brand;
  const offered = isUniform ? plainSwitches(brand.languages) : switches;
  if (footerText === null && supportEmail === null && offered.length === 0) return null;
  return (
    <footer>
      <OwnersText text={footerText} />
      {supportEmail !== null && (
        <p>
          <a href={`mailto:${supportEmail}`}>{texts('frame.support', { email: supportEmail })}</a>
        </p>
      )}
      {offered.length > 0 && <Languages switches={offered} />}
    </footer>
  );
}

function Languages({ switches }: { readonly switches: readonly LanguageSwitch[] }) {
  const { language, texts } = useFrame();
  return (
    <nav aria-label={texts('frame.language')}>
      <ul class="languages">
        {switches.map((to) => (
          <li key={to.language}>
            <a
              href={to.href}
              lang={to.language}
              hreflang={to.language}
              rel="nofollow"
              aria-current={to.language === language ? 'true' : undefined}
            >
              {LANGUAGE_NAMES[to.language]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
