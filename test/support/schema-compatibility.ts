import type { DataSource, EntityManager } from 'typeorm';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** A default, an identity or an expression. */
  readonly isFilled: boolean;
}

/** A check, a key or a unique index: what can refuse a row. */
interface Rule {
  readonly name: string;
  readonly columns: readonly string[];
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rules: readonly Rule[];
}

const OF_TABLE = `where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;

const TABLES = `
  select c.relname as name,
    (
      select coalesce(json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
        'isRequired', attnotnull, 'isFilled', atthasdef or attidentity <> '' or attgenerated <> '')), '[]')
      from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
    ) as columns,
    (
      select coalesce(json_agg(json_build_object('name', rule.name, 'columns', (
        select coalesce(json_agg(attname), '[]') from pg_attribute
        where attrelid = c.oid and attnum = any(rule.keys)
      ))), '[]')
      from (
        select conname || ' ' || pg_get_constraintdef(oid) as name, conkey as keys
        from pg_constraint where conrelid = c.oid and contype in ('c', 'f', 'p', 'u', 'x')
        union all
        select pg_get_indexdef(indexrelid), string_to_array(indkey::text, ' ')::int2[]
        from pg_index where indrelid = c.oid and indisunique
      ) as rule
    ) as rules
  from pg_class c ${OF_TABLE}`;

/** The tables with what a statement meets in them. */
export async function schemaOf(database: DataSource | EntityManager): Promise<Table[]> {
  return database.query<Table[]>(TABLES);
}

/** Why statements of a program that knows only `old` may fail, or read and write something else, on `now`. */
export function incompatibilities(old: readonly Table[], now: readonly Table[]): string[] {
  return old.flatMap((table) => {
    const next = now.find(({ name }) => name === table.name);
    if (next === undefined) return [`${table.name} is gone`];
    const known = new Set(table.columns.map(({ name }) => name));
    return [
      ...table.columns.flatMap((column) => changeOf(table.name, column, next)),
      ...next.columns
        .filter(({ name, isRequired, isFilled }) => !known.has(name) && isRequired && !isFilled)
        .map(({ name }) => `${table.name}.${name} is new, and an insert without it fails`),
      ...next.rules
        .filter(({ name }) => !table.rules.some((rule) => permitsAsMuch(name, rule.name)))
        .filter(({ columns }) => columns.some((name) => known.has(name)))
        .map(({ name }) => `${table.name} has a new rule on columns of before: ${name}`),
    ];
  });
}

/** Whether a rule is the old one, or the old check of a column's values with more of them. */
function permitsAsMuch(now: string, old: string): boolean {
  if (now === old) return true;
  const [wider, known] = [valuesIn(now), valuesIn(old)];
  if (wider === null || known === null || wider.rule !== known.rule) return false;
  return known.values.every((value) => wider.values.includes(value));
}

/** `check (column in ('a', 'b'))`, as the server prints it. */
function valuesIn(rule: string): { rule: string; values: string[] } | null {
  const [, before, list, after] = /^(\w+ CHECK .*= ANY \(ARRAY\[)([^\]]*)(\].*)$/.exec(rule) ?? [];
  if (before === undefined || list === undefined) return null;
  return { rule: `${before}${after ?? ''}`, values: list.split(', ') };
}

function changeOf(table: string, column: Column, next: Table): string[] {
  const found = next.columns.find(({ name }) => name === column.name);
  const place = `${table}.${column.name}`;
  if (found === undefined) return [`${place} is gone`];
  if (found.type !== column.type) return [`${place} was ${column.type} and is ${found.type}`];
  if (found.isRequired && !column.isRequired) return [`${place} must not be null any more`];
  return column.isFilled && !found.isFilled ? [`${place} has no default any more`] : [];
}
