import type { ComponentChildren } from 'preact';
import { directionOf, type Language } from '../../shared/language.js';
import { useFrame } from './frame.js';
import { SCRIPT, stylesheetOf } from './served-files.js';

/** Each in itself, for those who cannot read the page. */
const NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  nl: 'Nederlands',
  ar: 'العربية',
};

interface LayoutProps {
  readonly title: string;
  /** A failure or a warning, which a screen reader reads immediately. */
  readonly alert?: string | undefined;
  /** False where the same page answers different requests. */
  readonly hasLanguages?: boolean;
  readonly children: ComponentChildren;
}

/** The frame of every page: one card, one heading; nothing from another origin. No page needs the script. */
export function Layout({ title, alert, hasLanguages = true, children }: LayoutProps) {
  const { brand, language, texts } = useFrame();
  return (
    <html lang={language} dir={directionOf(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow, noarchive" />
        <meta name="color-scheme" content="light dark" />
        <meta property="og:title" content={brand.productName} />
        <title>{`${title} · ${brand.productName}`}</title>
        <link rel="stylesheet" href={stylesheetOf(brand).path} />
      </head>
      <body
        data-copy={texts('frame.copy')}
        data-copied={texts('frame.copied')}
        data-selected={texts('frame.selected')}
        data-too-large={texts('frame.tooLarge')}
      >
        <Header />
        <main id="content">
          <h1>{title}</h1>
          {alert !== undefined && (
            <p class="notice" role="alert">
              {alert}
            </p>
          )}
          {children}
        </main>
        <Footer hasLanguages={hasLanguages} />
        {/* Its hash is in the content security policy. */}
        <script dangerouslySetInnerHTML={{ __html: SCRIPT.text }} />
      </body>
    </html>
  );
}

function Header() {
  const { brand } = useFrame();
  return (
    <header>
      {brand.logo === null ? (
        <p class="brand">{brand.productName}</p>
      ) : (
        <p class="brand">
          <picture>
            {brand.logoDark !== null && (
              <source srcset={brand.logoDark.path} media="(prefers-color-scheme: dark)" />
            )}
            <img
              src={brand.logo.path}
              alt={brand.productName}
              width={brand.logo.width}
              height={brand.logo.height}
            />
          </picture>
        </p>
      )}
    </header>
  );
}

function Footer({ hasLanguages }: { readonly hasLanguages: boolean }) {
  const { brand, language, texts, ...frame } = useFrame();
  const switches = hasLanguages ? frame.switches : [];
  const { footerText, supportEmail } = brand;
  if (footerText === null && supportEmail === null && switches.length === 0) return null;
  return (
    <footer>
      {footerText !== null && <p>{footerText}</p>}
      {supportEmail !== null && (
        <p>
          <a href={`mailto:${supportEmail}`}>{texts('frame.support', { email: supportEmail })}</a>
        </p>
      )}
      {switches.length > 0 && (
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
                  {NAMES[to.language]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </footer>
  );
}
