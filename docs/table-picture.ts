/** Runs one query without parameters and resolves to its rows. */
export type Query = <Row>(sql: string) => Promise<Row[]>;

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  /** The table that a foreign key of this column refers to. */
  readonly foreignTable: string | null;
}

interface Reference {
  readonly from: ColumnRow;
  readonly to: string;
  readonly hasConstraint: boolean;
}

// Ordinary and partitioned tables; partitions and the migrations' own table are left out.
const COLUMNS = `
  select c.relname as "table", a.attname as "column",
    format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as "isNullable",
    exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p'
      and a.attnum = any(k.conkey)) as "isPrimary",
    exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'u'
      and a.attnum = any(k.conkey)) as "isUnique",
    (select t.relname from pg_constraint k join pg_class t on t.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0
        and a.attnum = any(k.conkey) limit 1) as "foreignTable"
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'p') and not c.relispartition
    and c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migrations'
  order by c.relname, a.attnum`;

const SHORT_TYPES: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'double precision': 'float8',
};

const HEAD = `# The tables of a region

\`npm run tables\` writes this page from the catalogue of a migrated database; a test compares the two. \`secrets\` and \`receipts\`
are partitioned by the day in \`expires_on\` ([decision 4](decisions/0004-partitioned-by-the-day-in-the-key.md)).

PK: part of the primary key. UK: part of a unique constraint. FK: a foreign key. \`null\`: the column may be empty. Solid lines are
foreign keys; dotted lines are references without a constraint.
`;

/** The page docs/tables.md: one Mermaid diagram of every table, its columns and its references. */
export async function describeTables(query: Query): Promise<string> {
  const columns = await query<ColumnRow>(COLUMNS);
  const tables = Map.groupBy(columns, ({ table }) => table);
  const boxes = [...tables].flatMap(([table, own]) => [
    `  ${table} {`,
    ...own.map(columnLine),
    '  }',
  ]);
  const lines = [...boxes, ...referencesOf(columns).map(referenceLine)];
  return `${HEAD}\n\`\`\`mermaid\nerDiagram\n${lines.join('\n')}\n\`\`\`\n`;
}

function columnLine({ column, type, isNullable, ...keys }: ColumnRow): string {
  const marks = [
    ...(keys.isPrimary ? ['PK'] : []),
    ...(keys.isUnique ? ['UK'] : []),
    ...(keys.foreignTable === null ? [] : ['FK']),
  ].join(', ');
  const word = (SHORT_TYPES[type] ?? type).replaceAll(' ', '_');
  const parts = [word, column, marks, isNullable ? '"null"' : ''];
  return `    ${parts.filter((part) => part !== '').join(' ')}`;
}

/** By constraint, else by name: `receipt_lookup` refers to the `lookup` of `receipts`. */
function referencesOf(columns: readonly ColumnRow[]): Reference[] {
  const byName = new Map(
    columns
      .filter(({ isPrimary }) => isPrimary)
      .map(({ table, column }) => [`${table.replace(/s$/, '')}_${column}`, table]),
  );
  return columns.flatMap((from) => {
    const to = from.foreignTable ?? byName.get(from.column);
    if (to === undefined || to === from.table) return [];
    return [{ from, to, hasConstraint: from.foreignTable !== null }];
  });
}

function referenceLine({ from, to, hasConstraint }: Reference): string {
  const line = hasConstraint ? '--' : '..';
  return `  ${to} ${from.isNullable ? '|o' : '||'}${line}o{ ${from.table} : ${from.column}`;
}
