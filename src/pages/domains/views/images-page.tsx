import { IMAGE_BYTES_MAX } from '../../../brand/images/image-codec.js';
import {
  IMAGE_KINDS,
  type ImageFacts,
  type ImageKind,
  type ImagesFacts,
} from '../../../domains/domain-look.js';
import { Button } from '../../frame/components.js';
import { CsrfField, FieldError } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { FieldGroup, SavedNotice } from './form-parts.js';
import { DomainLayout, useIsolated } from './parts.js';

/** What is decoded; a browser may offer to choose only these. */
const TYPES = 'image/png,image/jpeg,image/webp';

export interface ImagesPageProps {
  readonly name: string;
  /** `/domains/cd…` */
  readonly path: string;
  readonly images: ImagesFacts;
  readonly refused: { readonly kind: ImageKind; readonly error: string } | null;
  readonly isSaved: boolean;
}

/** The logos and the icon of a domain. */
export function ImagesPage({ name, path, images, refused, isSaved }: ImagesPageProps) {
  const texts = useTexts();
  const isolated = useIsolated();
  return (
    <DomainLayout
      title={texts('images.title')}
      alert={refused === null ? undefined : texts('images.refused')}
      back={{ href: path, label: name }}
    >
      <SavedNotice isSaved={isSaved} />
      <p>{texts('images.lead', isolated({ name }))}</p>
      {IMAGE_KINDS.map((kind) => (
        <ImagePart
          key={kind}
          kind={kind}
          path={`${path}/images/${kind}`}
          image={images[kind]}
          error={refused?.kind === kind ? refused.error : undefined}
        />
      ))}
    </DomainLayout>
  );
}

interface ImagePartProps {
  readonly kind: ImageKind;
  /** Of the image, where it is uploaded too. */
  readonly path: string;
  readonly image: ImageFacts | undefined;
  readonly error: string | undefined;
}

function ImagePart({ kind, path, image, error }: ImagePartProps) {
  const texts = useTexts();
  const bytes = IMAGE_BYTES_MAX[kind === 'icon' ? 'icon' : 'logo'];
  const described = [error === undefined ? '' : `${kind}-error`, `${kind}-hint`];
  return (
    <FieldGroup legend={texts(`images.${kind}`)}>
      {image !== undefined && (
        <p class={kind === 'logo-dark' ? 'shown dark' : 'shown'}>
          <img
            src={`${path}?v=${image.version}`}
            alt={texts('images.now', { kind: texts(`images.${kind}`) })}
            width={image.width}
            height={image.height}
          />
        </p>
      )}
      <form method="post" action={path} enctype="multipart/form-data">
        <CsrfField />
        <label for={kind}>{texts(image === undefined ? 'images.choose' : 'images.replace')}</label>
        <input
          type="file"
          id={kind}
          name="image"
          accept={TYPES}
          required
          data-file-bytes-max={bytes}
          data-file-too-large={texts('images.refused.IMAGE_TOO_LARGE', { bytes })}
          aria-invalid={error === undefined ? undefined : 'true'}
          aria-describedby={described.filter(Boolean).join(' ')}
        />
        {error !== undefined && <FieldError of={kind}>{error}</FieldError>}
        <p class="hint" id={`${kind}-hint`}>
          {texts(`images.${kind}.hint`)} {texts('images.limits', { bytes })}
        </p>
        <Button kind="second">{texts('images.upload', { kind: texts(`images.${kind}`) })}</Button>
      </form>
      {image !== undefined && (
        <form method="post" action={`${path}/remove`} class="tight">
          <CsrfField />
          <Button kind="second" isSmall>
            {texts('images.remove', { kind: texts(`images.${kind}`) })}
          </Button>
        </form>
      )}
    </FieldGroup>
  );
}
