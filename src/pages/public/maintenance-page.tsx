import { hash } from 'node:crypto';
import { render } from 'preact-render-to-string';
import { wholeBrand } from '../../brand/brand-of.js';
import { brandImages } from '../../brand/images/brand-images.js';
import type { Hostname } from '../../shared/hostname.js';
import { directionOf, type Language } from '../../shared/language.js';
import { visitorLanguage } from '../../shared/visitor-language.js';
import { brandStyle } from '../frame/brand-style.js';
import { textsIn } from '../messages/messages.js';

/** What a page of ours looks like, without a file beside it: nothing would answer for it. */
const RULES = `*{box-sizing:border-box}
body{margin:0;padding:clamp(1rem,7vh,4.5rem) 1rem;background:var(--ground);color:var(--ink);font:1.0625rem/1.55 var(--font);overflow-wrap:anywhere}
header,main{max-width:36rem;margin:0 auto 1.25rem}
header{font-weight:600}
main{padding:1.5rem 1.25rem;background:var(--card);border:1px solid var(--soft);border-radius:var(--radius)}
h1{margin:0 0 .75rem;font-size:1.5625rem;line-height:1.25}
p{margin:0}`;

interface Reader {
  readonly hostname: Hostname;
  readonly cookie: string | undefined;
  readonly acceptLanguage: string | undefined;
}

interface MaintenancePage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The page of a host whose cell cannot answer: it is starting, or the database is away and the domain is not in memory.
 * So it has the name of the host, and the look that all have who have set none.
 */
export function maintenancePage(reader: Reader, retryAfterSeconds: number): MaintenancePage {
  const { hostname, cookie, acceptLanguage } = reader;
  const brand = wholeBrand(hostname, {}, brandImages({}));
  const language = visitorLanguage({ chosen: null, cookie, acceptLanguage }, brand);
  const style = `:root{color-scheme:light dark}${brandStyle(brand)}${RULES}`;
  return {
    html: `<!doctype html>${render(<Document {...{ hostname, language, style, retryAfterSeconds }} />)}`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': [
        "default-src 'none'",
        `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
        "require-trusted-types-for 'script'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    },
  };
}

interface DocumentProps {
  readonly hostname: Hostname;
  readonly language: Language;
  readonly style: string;
  readonly retryAfterSeconds: number;
}

function Document({ hostname, language, style, retryAfterSeconds }: DocumentProps) {
  const texts = textsIn(language);
  const title = texts('error.unavailable.title');
  return (
    <html lang={language} dir={directionOf(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow, noarchive" />
        <title>{`${title} · ${hostname}`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>
          <bdi>{hostname}</bdi>
        </header>
        <main>
          <h1>{title}</h1>
          <p>
            {texts('error.unavailable.text')}{' '}
            {texts('frame.tryAgain', { seconds: retryAfterSeconds })}
          </p>
        </main>
      </body>
    </html>
  );
}
