import { BRAND_FONTS } from '../../../brand/brand.js';
import { NAME_MAX } from '../../../brand/brand-settings.js';
import { Button } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { CORNER_CHOICES } from '../brand-corners.js';
import type { BrandFaults, BrandLine, BrandPartProps, TypedBrand } from '../brand-form.js';
import type { BrandLook } from '../brand-look.js';
import { BrandPreview } from './brand-preview.js';
import { BrandTexts } from './brand-texts.js';
import { ColourField } from './colour-field.js';
import { Choice, FieldGroup, SavedNotice } from './form-parts.js';
import { DomainLayout, useIsolated } from './parts.js';

export interface BrandPageProps {
  readonly name: string;
  /** `/domains/cd…` */
  readonly path: string;
  readonly typed: TypedBrand;
  readonly faults: BrandFaults;
  readonly look: BrandLook;
  readonly alert?: string | undefined;
  readonly isSaved: boolean;
}

/** How the pages of a domain look, and what they say. */
export function BrandPage(props: BrandPageProps) {
  const { name, path, typed, faults, look, alert, isSaved } = props;
  const texts = useTexts();
  const isolated = useIsolated();
  const preview = `${path}/brand/preview`;
  return (
    <DomainLayout
      title={texts('brand.title')}
      alert={alert}
      back={{ href: path, label: name }}
      isWide
    >
      <SavedNotice isSaved={isSaved} />
      <p>{texts('brand.lead', isolated({ name }))}</p>
      <form class="beside" method="post" action={`${path}/brand`} data-preview={preview}>
        {/* The first button is what the Enter key presses. */}
        <button class="unseen" tabindex={-1} aria-hidden="true" />
        <CsrfField />
        <div>
          <NameGroup typed={typed} faults={faults} name={name} path={path} />
          <Colours typed={typed} faults={faults} preview={preview} />
          <Shapes typed={typed} faults={faults} />
          <BrandTexts typed={typed} faults={faults} />
        </div>
        <section class="aside">
          <h2>{texts('brand.preview')}</h2>
          <BrandPreview look={look} path={path} />
          <noscript>
            <button class="second" formaction={preview} formnovalidate>
              {texts('brand.preview.show')}
            </button>
          </noscript>
        </section>
        <Button>{texts('brand.save')}</Button>
      </form>
    </DomainLayout>
  );
}

function NameGroup(props: BrandPartProps & Pick<BrandPageProps, 'name' | 'path'>) {
  const { typed, faults, name, path } = props;
  const texts = useTexts();
  const isolated = useIsolated();
  return (
    <FieldGroup legend={texts('brand.nameGroup')}>
      <Field
        id="product_name"
        label={texts('brand.product_name')}
        value={typed.lines.product_name}
        autocomplete="organization"
        dir="auto"
        hint={texts('brand.nameHint', isolated({ name }))}
        error={faults.product_name && texts('brand.refused.name', { max: NAME_MAX })}
      />
      <p class="hint">
        <a href={`${path}/images`}>{texts('images.title')}</a>
      </p>
    </FieldGroup>
  );
}

const COLOURS = ['primary_color', 'secondary_color', 'background_color', 'text_color'] as const;

function Colours({ typed, faults, preview }: BrandPartProps & { readonly preview: string }) {
  const texts = useTexts();
  const buttons = faults.button_text_light;
  return (
    <FieldGroup legend={texts('brand.colours')}>
      <p class="hint">{texts('brand.coloursHint')}</p>
      {COLOURS.map((name) => (
        <ColourField
          key={name}
          name={name}
          label={texts(`brand.${name}`)}
          value={typed.lines[name]}
          fault={faults[name]}
          preview={preview}
          {...(name === 'background_color' && { hint: texts('brand.backgroundHint') })}
        />
      ))}
      <Choice
        name="button_text_light"
        label={texts('brand.button_text_light')}
        value={typed.lines.button_text_light}
        options={[
          { value: '', label: texts('brand.buttons.auto') },
          { value: 'true', label: texts('brand.buttons.white') },
          { value: 'false', label: texts('brand.buttons.black') },
        ]}
        error={buttons && texts(errorOfButtons(buttons.kind))}
      />
    </FieldGroup>
  );
}

function errorOfButtons(kind: 'invalid' | 'contrast') {
  return kind === 'contrast' ? 'brand.contrastNone' : 'brand.refused.choice';
}

function Shapes({ typed, faults }: BrandPartProps) {
  const texts = useTexts();
  const font = (name: Extract<BrandLine, 'font_family' | 'heading_font'>, first: string) => ({
    name,
    label: texts(`brand.${name}`),
    value: typed.lines[name],
    options: [
      { value: '', label: first },
      ...BRAND_FONTS.map((each) => ({ value: each, label: texts(`brand.font.${each}`) })),
    ],
    error: faults[name] && texts('brand.refused.choice'),
  });
  return (
    <FieldGroup legend={texts('brand.shapes')}>
      <Choice
        name="corners"
        label={texts('brand.corners')}
        value={typed.corners}
        options={useCorners(typed.corners)}
        error={faults.corners && texts('brand.refused.choice')}
      />
      <Choice {...font('font_family', texts('brand.fontDefault'))} />
      <Choice {...font('heading_font', texts('brand.headingSame'))} />
    </FieldGroup>
  );
}

/** The usual ones, and the pixels that the API has set. */
function useCorners(chosen: string) {
  const texts = useTexts();
  const options = CORNER_CHOICES.map((value) => ({
    value,
    label: texts(`brand.corners.${value === '' ? 'rounded' : value}`),
  }));
  if (options.some(({ value }) => value === chosen) || !/^\d+$/.test(chosen)) return options;
  return [...options, { value: chosen, label: texts('brand.corners.px', { px: Number(chosen) }) }];
}
