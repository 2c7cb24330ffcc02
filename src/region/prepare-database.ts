import type { DataSource } from 'typeorm';
import type { CellConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import { migrateDatabase, missingMigrations } from '../database/migrate.js';
import { comparePrivileges, tooOpenTables } from '../database/serving-login.js';
import { checkSessions } from './session-check.js';

/**
 * Applies the missing migrations; resolves to their names. A process that only serves applies none: its login could not.
 * @throws ConfigError when such a process meets a database that is not migrated, or a login that may do too much or too
 * little; and when a pooler shares sessions
 */
export async function prepareDatabase(
  { role, region }: Pick<CellConfig, 'role' | 'region'>,
  dataSource: DataSource,
): Promise<string[]> {
  await checkSessions(region, dataSource);
  if (role !== 'serve') return migrateDatabase(dataSource);
  const message = await faultOf(dataSource);
  if (message === null) return [];
  const variable = `GATEWAY_DATABASE_URL_${region.toUpperCase()}`;
  throw new ConfigError([{ variable, message }]);
}

async function faultOf(dataSource: DataSource): Promise<string | null> {
  const open = await tooOpenTables(dataSource);
  if (open.length > 0)
    return (
      `with GATEWAY_ROLE=serve the login must not reach ${open.join(', ')}: ` +
      'give it a login of its own by "gateway migrate --grant-serve ROLE"'
    );
  const [current] = await dataSource.query<[{ login: string }]>('select current_user as login');
  const { missing } = await comparePrivileges(dataSource.manager, current.login, false);
  if (missing.length > 0)
    return `the login ${current.login} lacks ${missing.slice(0, 3).join(', ')}: run "gateway migrate --grant-serve ${current.login}"`;
  const migrations = await missingMigrations(dataSource);
  if (migrations.length === 0) return null;
  return `the database is not migrated (${migrations[0]} is missing): start a process with GATEWAY_ROLE=work first, or run "gateway migrate"`;
}
