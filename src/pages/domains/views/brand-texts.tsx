import { TEXT_MAX } from '../../../brand/brand-settings.js';
import { LANGUAGES } from '../../../shared/language.js';
import { Field, FieldError, textareaText } from '../../frame/fields.js';
import { LANGUAGE_NAMES } from '../../frame/footer.js';
import { useTexts } from '../../frame/frame.js';
import { languageField, type BrandPartProps } from '../brand-form.js';
import { Choice, FieldGroup } from './form-parts.js';

/** In the order in which a reader comes to them. */
const TEXTS = [
  'description',
  'closed_text',
  'instructions_pre_reveal',
  'instructions_reveal',
  'instructions_post_reveal',
  'footer_text',
] as const;

/** What the pages say, and in which languages. */
export function BrandTexts({ typed, faults }: BrandPartProps) {
  const texts = useTexts();
  return (
    <>
      <FieldGroup legend={texts('brand.words')}>
        <p class="hint">{texts('brand.wordsHint', { max: TEXT_MAX })}</p>
        {TEXTS.map((name) => (
          <TextBox
            key={name}
            name={name}
            label={texts(`brand.${name}`)}
            value={typed.lines[name]}
            error={faults[name] && texts('brand.refused.text', { max: TEXT_MAX })}
          />
        ))}
        <Field
          id="support_email"
          label={texts('brand.support_email')}
          type="email"
          value={typed.lines.support_email}
          autocomplete="email"
          dir="ltr"
          error={faults.support_email && texts('brand.refused.email')}
        />
      </FieldGroup>
      <Languages typed={typed} faults={faults} />
    </>
  );
}

interface TextBoxProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
}

/** No maxlength: it would cut without a word. */
function TextBox({ name, label, value, error }: TextBoxProps) {
  return (
    <>
      <label for={name}>{label}</label>
      <textarea
        id={name}
        name={name}
        rows={3}
        dir="auto"
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={error === undefined ? undefined : `${name}-error`}
      >
        {textareaText(value)}
      </textarea>
      {error !== undefined && <FieldError of={name}>{error}</FieldError>}
    </>
  );
}

function Languages({ typed, faults }: BrandPartProps) {
  const texts = useTexts();
  return (
    <FieldGroup legend={texts('brand.languages')}>
      <p class="hint">{texts('brand.languagesHint')}</p>
      {LANGUAGES.map((language) => (
        <label key={language} class="choice">
          <input
            type="checkbox"
            name={languageField(language)}
            checked={typed.languages.includes(language)}
            aria-describedby={faults.languages === undefined ? undefined : 'languages-error'}
          />{' '}
          <span lang={language}>{LANGUAGE_NAMES[language]}</span>
        </label>
      ))}
      {faults.languages !== undefined && (
        <FieldError of="languages">{texts('brand.refused.languages')}</FieldError>
      )}
      <Choice
        name="locale"
        label={texts('brand.locale')}
        value={typed.lines.locale}
        options={[
          { value: '', label: texts('brand.localeDefault') },
          ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
        ]}
        error={faults.locale && texts('brand.refused.locale')}
      />
    </FieldGroup>
  );
}
