type Row = Readonly<Record<string, string>>;

const LABEL_WIDTH = 11;

/** One `label      value` line for each field. */
export function formatFields(fields: Row): string {
  return Object.entries(fields)
    .map(([label, value]) => label.padEnd(LABEL_WIDTH) + value)
    .join('\n');
}

/** Aligned columns under their names. Every row has the fields of the first one. */
export function formatTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => line[index]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
