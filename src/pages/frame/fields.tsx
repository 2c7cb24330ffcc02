import { useTexts } from './frame.js';

// For browsers that cannot size a box by its content: rows, counted for a small phone.
const COLUMNS = 24;
const ROWS_MIN = 2;
const ROWS_MAX = 20;

// A browser's translation service would receive the text. Preact types the attribute as boolean and omits `false`.
const NOT_TRANSLATED = { translate: 'no' } as unknown as { readonly translate: boolean };

interface ValueBoxProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** The browser must not show it again from its memory. */
  readonly isShownOnce?: boolean;
}

/** A read-only text to select and copy, as wide as the card and excluded from translation. */
export function ValueBox({ id, label, value, isShownOnce = false }: ValueBoxProps) {
  return (
    <>
      <label for={id}>{label}</label>
      <textarea
        class="value"
        id={id}
        readonly
        data-once={isShownOnce}
        rows={rowsOf(value)}
        {...NOT_TRANSLATED}
        spellcheck={false}
        autocomplete="off"
      >
        {textareaText(value)}
      </textarea>
    </>
  );
}

/** The nonce of a form: what is sent twice with it is one press. */
export function PressField({ nonce }: { readonly nonce: string }) {
  return <input type="hidden" name="press" value={nonce} />;
}

/** The passphrase to open or delete a message. No maxlength: browsers count other units than the service. */
export function PassphraseField({ autofocus = false }: { readonly autofocus?: boolean }) {
  const texts = useTexts();
  return (
    <>
      <label for="passphrase">{texts('envelope.passphrase')}</label>
      <input
        id="passphrase"
        name="passphrase"
        type="password"
        autocomplete="off"
        required
        autofocus={autofocus}
      />
    </>
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
