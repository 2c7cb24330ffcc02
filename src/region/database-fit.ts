import type { DataSource } from 'typeorm';
import { ConfigError } from '../config/config-error.js';
import type { Region } from '../config/region.js';
import { ENCODING_ADVICE, otherEncoding } from '../database/encoding.js';
import { appliedMigrations } from '../database/migrate.js';
import { BACKED_TABLES, LEFT_OUT } from './backup/backed-tables.js';

const TABLES = [...BACKED_TABLES.map(({ table }) => table), ...Object.keys(LEFT_OUT)];

// A first start that was killed has made the table of migrations alone, which is ours by its column `name`.
const STRANGE = `
  select name from unnest($1::text[]) as name
  where to_regclass(name) is not null and not exists (
    select from pg_attribute
    where name = 'schema_migrations' and attrelid = to_regclass(name) and attname = 'name'
  )
  order by 1`;

/**
 * Names and looks of customers may have any character, and no table is another program's. A database that is in use already
 * stays in use: the doctor says its encoding.
 * @throws ConfigError for a database without migrations that is not in UTF-8, as createdb makes it where the system has no
 *   locale, or that has tables of another program
 */
export async function requireFit(region: Region, dataSource: DataSource): Promise<void> {
  if ((await appliedMigrations(dataSource)).length > 0) return;
  const encoding = await otherEncoding(dataSource);
  if (encoding !== null)
    throw unfit(
      region,
      `the database has the encoding ${encoding}, in which not every character can be stored: ${ENCODING_ADVICE}`,
    );
  const strange = await dataSource.query<{ name: string }[]>(STRANGE, [TABLES]);
  if (strange.length > 0)
    throw unfit(
      region,
      `the database has tables of another program (${strange.map(({ name }) => name).join(', ')}): give the region one of its own`,
    );
}

function unfit(region: Region, message: string): ConfigError {
  return new ConfigError([{ variable: `GATEWAY_DATABASE_URL_${region.toUpperCase()}`, message }]);
}
