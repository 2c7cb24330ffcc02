import { useFrame, useTexts } from './frame.js';
import { CONFIRM } from './page-form.js';

// For browsers that cannot size a box by its content: rows, counted for a small phone.
const COLUMNS = 24;
const ROWS_MIN = 2;
const ROWS_MAX = 20;

// A browser's translation service would receive the text. Preact types the attribute as boolean and omits `false`.
const NOT_TRANSLATED = { translate: 'no' } as unknown as { readonly translate: boolean };

interface CopyBoxProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** The browser must not show it again from its memory. */
  readonly isShownOnce?: boolean;
  /** One line in a table, where the column has the label. */
  readonly isCompact?: boolean;
}

/** A read-only text to select and copy, excluded from translation. The script adds the button. */
export function CopyBox({
  id,
  label,
  value,
  isShownOnce = false,
  isCompact = false,
}: CopyBoxProps) {
  return (
    <>
      <label class={isCompact ? 'unseen' : undefined} for={id}>
        {label}
      </label>
      <textarea
        class={isCompact ? 'value compact' : 'value'}
        id={id}
        readonly
        dir="auto"
        data-once={isShownOnce}
        rows={isCompact ? 1 : rowsOf(value)}
        {...NOT_TRANSLATED}
        spellcheck={false}
        autocomplete="off"
      >
        {textareaText(value)}
      </textarea>
    </>
  );
}

interface FieldProps {
  /** Its name too, unless that is another. */
  readonly id: string;
  readonly name?: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email' | 'url' | 'color' | 'number';
  readonly value?: string | undefined;
  readonly hint?: string;
  /** Why the form was refused, when it is this field's fault. */
  readonly error?: string | undefined;
  readonly autocomplete?: string;
  readonly inputmode?: 'text' | 'numeric' | 'email' | 'url';
  readonly isRequired?: boolean;
  /** For the first field of a page, and the first one with an error. */
  readonly hasFocus?: boolean;
  /** The names of a domain, keys and the like read from left to right everywhere. */
  readonly dir?: 'ltr' | 'auto';
  /** See passkeys.js. */
  readonly takesPasskeys?: boolean;
}

/** One line to fill in, with its label, its hint and its error. No maxlength: it would cut without a word. */
export function Field(props: FieldProps) {
  const { id, name = id, label, type = 'text', value, hint, error, hasFocus = false } = props;
  const described = [
    error === undefined ? '' : `${id}-error`,
    hint === undefined ? '' : `${id}-hint`,
  ];
  return (
    <>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        {...typeOf(type)}
        value={value || undefined}
        dir={props.dir}
        inputmode={props.inputmode}
        autocomplete={props.autocomplete ?? 'off'}
        required={props.isRequired ?? false}
        autofocus={hasFocus}
        data-passkeys={props.takesPasskeys || undefined}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={described.filter(Boolean).join(' ') || undefined}
      />
      {error !== undefined && <FieldError of={id}>{error}</FieldError>}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
}

/** Preact demands to know each kind of input by itself. */
function typeOf(type: NonNullable<FieldProps['type']>): { readonly type: 'text' } {
  return { type } as { readonly type: 'text' };
}

/** Beside the field that it is about, which names it as its description. */
export function FieldError({ of, children }: { readonly of: string; readonly children: string }) {
  return (
    <p class="field-error" id={`${of}-error`}>
      {children}
    </p>
  );
}

/** The nonce of a form: what is sent twice with it is one press. */
export function PressField({ nonce }: { readonly nonce: string }) {
  return (
    <>
      <input type="hidden" name="press" value={nonce} />
      <CsrfField />
    </>
  );
}

interface PersonFieldProps {
  /** Beside the box: what the form does. */
  readonly label: string;
  /** After a press that nobody has confirmed; else only where no scripts run. */
  readonly isShown: boolean;
}

/**
 * In a form that uses something up, which has `data-person`: the script fills it in at a trusted event, and without
 * scripts there is a box to tick. Programs that send a form as they found it do neither (docs/decisions/0033). Without
 * the attribute `value`, since some send all that they find.
 */
export function PersonField({ label, isShown }: PersonFieldProps) {
  const box = (
    <label for={CONFIRM} class="choice">
      <input type="checkbox" id={CONFIRM} name={CONFIRM} required /> {label}
    </label>
  );
  return isShown ? box : <noscript>{box}</noscript>;
}

/** In every form that has no PressField: without it the form of somebody who is signed in is refused. */
export function CsrfField() {
  const { csrf } = useFrame();
  return csrf === null ? null : <input type="hidden" name="csrf" value={csrf} />;
}

interface PassphraseFieldProps {
  readonly hasFocus?: boolean;
  /** What was typed, when it was not tried. */
  readonly value?: string | undefined;
}

/** The passphrase to open or delete a message. */
export function PassphraseField({ hasFocus = false, value }: PassphraseFieldProps) {
  const texts = useTexts();
  return (
    <Field
      id="passphrase"
      label={texts('envelope.passphrase')}
      type="password"
      value={value}
      isRequired
      hasFocus={hasFocus}
    />
  );
}

/** The parser drops one newline after `<textarea>` (HTML 13.2.6.4.7), so one is added. */
export function textareaText(value: string): string {
  return `\n${value}`;
}

function rowsOf(value: string): number {
  const lines = value
    .split('\n', ROWS_MAX)
    .map((line) => Math.max(1, Math.ceil(line.length / COLUMNS)));
  const rows = lines.reduce((sum, line) => sum + line, 0);
  return Math.min(ROWS_MAX, Math.max(ROWS_MIN, rows));
}
