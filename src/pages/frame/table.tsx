import type { ComponentChildren } from 'preact';

interface TableProps {
  readonly caption: string;
  /** Whether the page says it already, in a heading. */
  readonly isCaptionHidden?: boolean;
  /** Empty for a column of buttons, which say by themselves what they do. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

interface TableRow {
  readonly key: string;
  /** One for each column. */
  readonly cells: readonly ComponentChildren[];
}

/**
 * Each row is a small card on a phone, with the names of its columns. The roles are written down since a browser forgets
 * them when the stylesheet changes the display.
 */
export function Table({ caption, isCaptionHidden = false, columns, rows }: TableProps) {
  return (
    <table role="table">
      <caption class={isCaptionHidden ? 'unseen' : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) =>
            column === '' ? (
              <td key={column} role="cell" />
            ) : (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(({ key, cells }) => (
          <tr key={key} role="row">
            {cells.map((cell, index) => (
              <td key={columns[index]} role="cell" data-label={columns[index] || undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
