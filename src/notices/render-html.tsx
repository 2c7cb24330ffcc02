import { render } from 'preact-render-to-string';
import { directionOf, type Language } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import type { MailBrand } from './mail-brand.js';

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** The same text with the tenant's name and colours. Loads nothing; styles are inline, since mail programs drop others. */
export function renderHtml(body: MailBody, brand: MailBrand, language: Language): string {
  return `<!doctype html>${render(<MailView body={body} brand={brand} language={language} />)}`;
}

interface MailViewProps {
  readonly body: MailBody;
  readonly brand: MailBrand;
  readonly language: Language;
}

function MailView({ body, brand, language }: MailViewProps) {
  const { subject, heading, paragraphs, action, remarks, footer, unsubscribe } = body;
  const { accent } = brand.colours;
  return (
    <html lang={language} dir={directionOf(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{subject}</title>
      </head>
      <body style={`margin:0;padding:24px;font:16px/1.5 ${FONT}`}>
        <div style="max-width:36em;margin:0 auto">
          <p style={`margin:0 0 24px;padding:0 0 8px;border-bottom:3px solid ${accent}`}>
            <strong>{brand.name}</strong>
          </p>
          <h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">{heading}</h1>
          <Paragraphs texts={paragraphs} />
          {action !== null && <Action action={action} brand={brand} />}
          <Paragraphs texts={remarks} />
          <p style="margin:32px 0 0;font-size:13px">
            <span style="white-space:pre-line">{footer}</span>
            {unsubscribe !== null && (
              <>
                <br />
                <a href={unsubscribe.url}>{unsubscribe.label}</a>
              </>
            )}
          </p>
        </div>
      </body>
    </html>
  );
}

function Paragraphs({ texts }: { readonly texts: readonly string[] }) {
  return (
    <>
      {texts.map((text) => (
        <p style="margin:0 0 16px">{text}</p>
      ))}
    </>
  );
}

/** The URL is written out too: its reader can see where it leads. */
function Action({
  action: { label, url },
  brand,
}: {
  readonly action: NonNullable<MailBody['action']>;
  readonly brand: MailBrand;
}) {
  const { accent, onAccent } = brand.colours;
  const style = `display:inline-block;padding:12px 20px;background:${accent};color:${onAccent};text-decoration:none;border-radius:4px`;
  return (
    <>
      <p style="margin:24px 0 8px">
        <a href={url} style={style}>
          {label}
        </a>
      </p>
      <p dir="ltr" style="margin:0 0 24px;font-size:13px;word-break:break-all;text-align:start">
        {url}
      </p>
    </>
  );
}
