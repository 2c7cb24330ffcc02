import { FieldError } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import type { BrandFault } from '../brand-form.js';
import { TAKE_FIELD } from './form-parts.js';

const WHOLE = /^#[0-9A-Fa-f]{6}$/;
const NOT_CHOSEN = '#000000';

interface ColourFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly fault: BrandFault | undefined;
  /** Where the form with another colour is shown. */
  readonly preview: string;
}

/** A colour as text; the script shows the browser's own picker beside it. */
export function ColourField({ name, label, hint, value, fault, preview }: ColourFieldProps) {
  const texts = useTexts();
  const described = hint === undefined ? `${name}-slot` : `${name}-slot ${name}-hint`;
  return (
    <>
      <label for={name}>{label}</label>
      <div class="colour">
        <input
          id={name}
          name={name}
          type="text"
          value={value || undefined}
          dir="ltr"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={fault === undefined ? undefined : 'true'}
          aria-describedby={described}
        />
        <input
          type="color"
          hidden
          data-picks={name}
          aria-label={texts('brand.pick', { name: label })}
          value={WHOLE.test(value) ? value.toLowerCase() : NOT_CHOSEN}
        />
      </div>
      <div id={`${name}-slot`} data-slot={name} aria-live="polite">
        {fault !== undefined && <Refusal name={name} fault={fault} preview={preview} />}
      </div>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
}

interface RefusalProps {
  readonly name: string;
  readonly fault: BrandFault;
  readonly preview: string;
}

/** Why the colour is not taken, and the nearest one that is. */
export function Refusal({ name, fault, preview }: RefusalProps) {
  const texts = useTexts();
  if (fault.kind === 'invalid')
    return <FieldError of={name}>{texts('brand.refused.colour')}</FieldError>;
  const { nearest } = fault;
  if (nearest === null) return <FieldError of={name}>{texts('brand.contrastNone')}</FieldError>;
  return (
    <>
      <FieldError of={name}>{texts('brand.contrast', { colour: nearest })}</FieldError>
      <button
        class="second small take"
        name={TAKE_FIELD}
        value={`${name} ${nearest}`}
        formaction={preview}
        formnovalidate
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <rect width="16" height="16" rx="3" fill={nearest} />
        </svg>{' '}
        {texts('brand.take', { colour: nearest })}
      </button>
    </>
  );
}
