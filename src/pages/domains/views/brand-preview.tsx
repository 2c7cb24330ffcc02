import { OwnersText } from '../../frame/components.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { SCHEMES, stylePath, type BrandLook, type Scheme } from '../brand-look.js';

interface BrandPreviewProps {
  readonly look: BrandLook;
  /** `/domains/cd…` */
  readonly path: string;
}

/**
 * The page of a link in the brand, as light and dark devices show it. The script sets the colours; without scripts a
 * stylesheet does. The script replaces it by the same part of the page for the form as it is then.
 */
export function BrandPreview({ look, path }: BrandPreviewProps) {
  const texts = useTexts();
  return (
    <div class="previews" data-preview-part="">
      <noscript>
        <link rel="stylesheet" href={stylePath(path, look.settings)} />
      </noscript>
      {SCHEMES.map((scheme) => (
        <figure key={scheme}>
          <figcaption class="label">{texts(`brand.preview.${scheme}`)}</figcaption>
          <Envelope scheme={scheme} look={look} />
        </figure>
      ))}
    </div>
  );
}

/** No part of the page that holds it: nothing in it can be pressed, and it is no section of that page. */
function Envelope({ scheme, look }: { readonly scheme: Scheme; readonly look: BrandLook }) {
  const texts = useTexts();
  const { brand, properties } = look;
  const { textBeforeReveal } = brand;
  return (
    <div
      class="preview"
      data-look={scheme}
      data-properties={JSON.stringify(properties[scheme])}
      inert
    >
      <Head scheme={scheme} look={look} />
      <div class="preview-card">
        <p class="preview-title">{texts('envelope.title')}</p>
        <p>{texts('envelope.lead')}</p>
        <OwnersText text={textBeforeReveal} />
        <p>
          <span class="button">{texts('envelope.open')}</span>
        </p>
      </div>
      <Opened look={look} />
      <Foot look={look} />
    </div>
  );
}

function Head({ scheme, look }: { readonly scheme: Scheme; readonly look: BrandLook }) {
  const { logo, logoDark, productName } = look.brand;
  const image = scheme === 'dark' ? (logoDark ?? logo) : logo;
  return (
    <p class="brand">
      {image === null ? (
        <bdi>{productName}</bdi>
      ) : (
        <img src={image.path} alt={productName} width={image.width} height={image.height} />
      )}
    </p>
  );
}

/** What is beside and below an opened message, where the owner says something there. */
function Opened({ look }: { readonly look: BrandLook }) {
  const { texts } = useFrame();
  const { textAtReveal, textAfterReveal } = look.brand;
  if (textAtReveal === null && textAfterReveal === null) return null;
  return (
    <div class="preview-card">
      <p class="preview-title">{texts('revealed.title')}</p>
      <OwnersText text={textAtReveal} />
      <p class="preview-value">…</p>
      <OwnersText text={textAfterReveal} />
    </div>
  );
}

function Foot({ look }: { readonly look: BrandLook }) {
  const texts = useTexts();
  const { footerText, supportEmail } = look.brand;
  if (footerText === null && supportEmail === null) return null;
  return (
    <div class="preview-foot">
      <OwnersText text={footerText} />
      {supportEmail !== null && (
        <p>
          <span class="preview-link">{texts('frame.support', { email: supportEmail })}</span>
        </p>
      )}
    </div>
  );
}
