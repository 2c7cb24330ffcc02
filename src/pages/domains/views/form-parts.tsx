import type { ComponentChildren } from 'preact';
import { Notice } from '../../frame/components.js';
import { FieldError } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';

/** In the address to which a form leads that was saved. */
export const SAVED_PARAMETER = 'saved';

/** The button of a colour that is offered: its value has the field and the colour. */
export const TAKE_FIELD = 'take';

/** Above a form: what it has now was just stored. */
export function SavedNotice({ isSaved }: { readonly isSaved: boolean }) {
  const texts = useTexts();
  if (!isSaved) return null;
  return (
    <div role="status">
      <Notice tone="good">{texts('brand.saved')}</Notice>
    </div>
  );
}

/** What belongs together in a form, with a name. */
export function FieldGroup({
  legend,
  children,
}: {
  readonly legend: string;
  readonly children: ComponentChildren;
}) {
  return (
    <fieldset class="group">
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

interface SwitchProps {
  readonly name: string;
  readonly isOn: boolean;
  readonly label: string;
  readonly hint?: string;
}

/** One thing to tick. */
export function Switch({ name, isOn, label, hint }: SwitchProps) {
  return (
    <>
      <p class="switch">
        <input
          type="checkbox"
          id={name}
          name={name}
          value="on"
          checked={isOn}
          aria-describedby={hint === undefined ? undefined : `${name}-hint`}
        />
        <label for={name}>{label}</label>
      </p>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly hint?: string;
  readonly error?: string | undefined;
}

/** One of a few. */
export function Choice({ name, label, value, options, hint, error }: ChoiceProps) {
  const described = [
    error === undefined ? '' : `${name}-error`,
    hint === undefined ? '' : `${name}-hint`,
  ];
  return (
    <>
      <label for={name}>{label}</label>
      <select
        id={name}
        name={name}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={described.filter(Boolean).join(' ') || undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      {error !== undefined && <FieldError of={name}>{error}</FieldError>}
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
}
