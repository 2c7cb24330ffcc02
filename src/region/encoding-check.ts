import type { DataSource } from 'typeorm';
import { ConfigError } from '../config/config-error.js';
import type { Region } from '../config/region.js';
import { ENCODING_ADVICE, otherEncoding } from '../database/encoding.js';
import { appliedMigrations } from '../database/migrate.js';

/**
 * Names and looks of customers may have any character. One that is in use already stays in use: the doctor says it.
 * @throws ConfigError for an empty database that is not in UTF-8, as createdb makes it where the system has no locale
 */
export async function requireEncoding(region: Region, dataSource: DataSource): Promise<void> {
  const encoding = await otherEncoding(dataSource);
  if (encoding === null || (await appliedMigrations(dataSource)).length > 0) return;
  const message = `the database has the encoding ${encoding}, in which not every character can be stored: ${ENCODING_ADVICE}`;
  throw new ConfigError([{ variable: `GATEWAY_DATABASE_URL_${region.toUpperCase()}`, message }]);
}
