import { tabIconPath } from '../../brand/images/brand-images.js';
import type { ComponentChildren } from 'preact';
import { directionOf } from '../../shared/language.js';
import { Alert } from './components.js';
import { Footer } from './footer.js';
import { useFrame } from './frame.js';
import { useAccountNav } from './account-nav.js';
import { Header } from './header.js';
import {
  iconsFor,
  LIVE_SCRIPT,
  SCRIPT,
  stylesheetPath,
  type InlineScript,
} from './served-files.js';

/** After the scripts: where browsers can wait for it, nothing is drawn that a script then moves. */
const END = 'end';
// Preact does not know the attribute.
const BEFORE_DRAWING = { blocking: 'render' };

interface LayoutProps {
  readonly title: string;
  /** A failure or a warning, which a screen reader reads immediately. */
  readonly alert?: string | undefined;
  /** For tables. */
  readonly isWide?: boolean;
  /** True where the same page answers different requests: then its switch of languages does not repeat the query. */
  readonly isUniform?: boolean;
  /** The page shows how something goes on, or has texts to copy: so must its answer be, see pageOf(). */
  readonly isLive?: boolean;
  /** What this page alone has beside the script of all pages: so must its answer, see pageOf(). */
  readonly script?: InlineScript;
  readonly children: ComponentChildren;
}

/** The frame of every page: one card, one heading; nothing from another origin. No page needs the script. */
export function Layout(props: LayoutProps) {
  const { title, alert, isWide = false, isUniform = false, isLive = false } = props;
  const { script } = props;
  const { language, texts } = useFrame();
  const nav = useAccountNav();
  return (
    <html lang={language} dir={directionOf(language)}>
      <Head title={title} isLive={isLive} />
      <body
        class={isWide ? 'wide' : undefined}
        data-copy={texts('frame.copy')}
        data-copied={texts('frame.copied')}
        data-selected={texts('frame.selected')}
        data-show={texts('frame.show')}
        data-hide={texts('frame.hide')}
        data-too-large={texts('frame.tooLarge')}
      >
        <Header nav={nav} />
        <main id="content" tabindex={-1}>
          <h1>
            <Heading title={title} />
          </h1>
          {alert !== undefined && <Alert>{alert}</Alert>}
          {props.children}
        </main>
        <Footer isUniform={isUniform} />
        {/* Its hash is in the content security policy. */}
        <script dangerouslySetInnerHTML={{ __html: SCRIPT.text }} />
        {isLive && <script dangerouslySetInnerHTML={{ __html: LIVE_SCRIPT.text }} />}
        {script !== undefined && <script dangerouslySetInnerHTML={{ __html: script.text }} />}
        <template id={END} />
      </body>
    </html>
  );
}

/** A name in it breaks after a dot, and inside of a label only where one is wider than the page. */
function Heading({ title }: { readonly title: string }) {
  const parts = title.split(/(?<=\.)(?=\S)/);
  return <>{parts.map((part, index) => [index > 0 && <wbr />, part])}</>;
}

/** What a link preview shows is the name of the tenant, and nothing about the message. */
function Head({ title, isLive }: { readonly title: string; readonly isLive: boolean }) {
  const { brand, tenant } = useFrame();
  const { svg } = iconsFor(tenant.customDomain === null);
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex, nofollow, noarchive" />
      <meta name="color-scheme" content={brand.light.scheme === 'dark' ? 'dark' : 'light dark'} />
      <meta name="theme-color" content={brand.light.ground} media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content={brand.dark.ground} media="(prefers-color-scheme: dark)" />
      <meta name="format-detection" content="telephone=no" />
      <meta property="og:title" content={brand.productName} />
      <title>{`${title} · ${brand.productName}`}</title>
      <link rel="expect" href={`#${END}`} {...BEFORE_DRAWING} />
      <link rel="stylesheet" href={stylesheetPath(brand, isLive)} />
      {brand.icon === null ? (
        <link rel="icon" type="image/svg+xml" href={`/icon.svg?v=${svg.version}`} />
      ) : (
        <link rel="icon" type="image/png" href={tabIconPath(brand.icon)} />
      )}
      <link rel="apple-touch-icon" href={brand.icon?.path ?? '/apple-touch-icon.png'} />
    </head>
  );
}
