const COLUMNS = 40;
const ROWS_MIN = 2;
const ROWS_MAX = 20;

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
        translate={false}
        spellcheck={false}
        autocomplete="off"
      >
        {textareaText(value)}
      </textarea>
    </>
  );
}

/** The passphrase that opens something. Pasting and password managers are welcome to it. */
export function PassphraseField({ autofocus = false }: { readonly autofocus?: boolean }) {
  return (
    <>
      <label for="passphrase">Passphrase</label>
      <input
        id="passphrase"
        name="passphrase"
        type="password"
        maxlength={128}
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
