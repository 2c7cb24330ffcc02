// Where the stylesheet cannot size the box by its content, rows are counted for a small phone.
const COLUMNS = 24;
const ROWS_MIN = 2;
const ROWS_MAX = 20;

// A browser's translator would send the text away. Preact types this as a boolean, and would leave `false` out.
const NOT_TRANSLATED = { translate: 'no' } as unknown as { readonly translate: boolean };

interface ValueBoxProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
}

/** Something to select and copy: read-only, as wide as the card, as high as it needs, never sent to a translator. */
export function ValueBox({ id, label, value }: ValueBoxProps) {
  return (
    <>
      <label for={id}>{label}</label>
      <textarea
        class="value"
        id={id}
        readonly
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

/** The passphrase that opens something. No length limit: browsers count other units than the service does. */
export function PassphraseField({ autofocus = false }: { readonly autofocus?: boolean }) {
  return (
    <>
      <label for="passphrase">Passphrase</label>
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

/** HTML drops one newline right after `<textarea>`; this is the one that it drops. */
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
