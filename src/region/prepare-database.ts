import type { DataSource } from 'typeorm';
import type { CellConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import type { Region } from '../config/region.js';
import { migrateDatabase, missingMigrations } from '../database/migrate.js';
import { comparePrivileges, tooOpenTables } from '../database/serving-login.js';
import { DatabaseNotPrepared } from './database-not-prepared.js';
import { requireFit } from './database-fit.js';
import { checkSessions } from './session-check.js';

/**
 * Applies the missing migrations; resolves to their names. A process that only serves applies none: its login could not.
 * @throws ConfigError when the login of such a process may do too much, when a pooler shares sessions, and for an empty database
 *   that is not in UTF-8 or has tables of another program
 * @throws DatabaseNotPrepared when its login lacks a privilege, or the database a migration
 */
export async function prepareDatabase(
  { role, region }: Pick<CellConfig, 'role' | 'region'>,
  dataSource: DataSource,
): Promise<string[]> {
  await checkSessions(region, dataSource);
  if (role !== 'serve') {
    await requireFit(region, dataSource);
    return migrateDatabase(dataSource);
  }
  await requireRestricted(region, dataSource);
  await requirePrepared(dataSource);
  return [];
}

async function requireRestricted(region: Region, dataSource: DataSource): Promise<void> {
  const open = await tooOpenTables(dataSource);
  if (open.length === 0) return;
  const message =
    `with GATEWAY_ROLE=serve the login must not reach ${open.join(', ')}: ` +
    'give it a login of its own by "gateway migrate --grant-serve ROLE"';
  throw new ConfigError([{ variable: `GATEWAY_DATABASE_URL_${region.toUpperCase()}`, message }]);
}

async function requirePrepared(dataSource: DataSource): Promise<void> {
  const [current] = await dataSource.query<[{ login: string }]>('select current_user as login');
  const { missing } = await comparePrivileges(dataSource.manager, current.login, false);
  if (missing.length > 0)
    throw new DatabaseNotPrepared(
      `the login ${current.login} lacks ${missing.slice(0, 3).join(', ')}: a process of this version with GATEWAY_ROLE=work gives it ` +
        `what is new, "gateway migrate --grant-serve ${current.login}" gives it everything`,
    );
  const migrations = await missingMigrations(dataSource);
  if (migrations.length === 0) return;
  throw new DatabaseNotPrepared(
    `the database is not migrated (${migrations[0]} is missing): start a process with GATEWAY_ROLE=work, or run "gateway migrate"`,
  );
}
