import type { ComponentChildren } from 'preact';
import { directionOf, type Language } from '../../shared/language.js';
import { SCRIPT, STYLESHEET } from '../served-files.js';

interface LayoutProps {
  readonly title: string;
  /** A failure or a warning, which a screen reader reads immediately. */
  readonly alert?: string | undefined;
  /** Of its texts; English by default. */
  readonly language?: Language;
  readonly children: ComponentChildren;
}

/** The frame of every page: one card, one heading; no image, nothing from another origin. No page needs the script. */
export function Layout({ title, alert, language = 'en', children }: LayoutProps) {
  return (
    <html lang={language} dir={directionOf(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow, noarchive" />
        <title>{title}</title>
        <link rel="stylesheet" href={STYLESHEET.path} />
        <script src={SCRIPT.path} defer />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          {alert !== undefined && (
            <p class="notice" role="alert">
              {alert}
            </p>
          )}
          {children}
        </main>
      </body>
    </html>
  );
}
