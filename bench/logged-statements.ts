/** A prepared statement with its parameters, as PostgreSQL logged it. */
export interface LoggedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: (string | null)[];
}

/** The prepared statements in a server's log, in their order. Parameters of one line each. */
export function readStatements(log: string): LoggedStatement[] {
  // A message ends where the next line begins that is not indented.
  const entries = log.split(/\n(?!\t)/);
  return entries.flatMap((entry, index) => {
    const found = /LOG: {2}execute ([^:]+): ([\s\S]*)$/.exec(entry);
    if (found === null) return [];
    const [, name = '', text = ''] = found;
    const detail = /DETAIL: {2}parameters: (.*)$/i.exec(entries[index + 1] ?? '')?.[1] ?? '';
    const statement = name === '<unnamed>' ? `unnamed ${text.length}` : name;
    return [{ name: statement, text: text.replaceAll('\n\t', '\n'), values: valuesOf(detail) }];
  });
}

function valuesOf(detail: string): (string | null)[] {
  const found = detail.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g);
  return [...found].map(([, value]) => value?.replaceAll("''", "'") ?? null);
}
