import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import type { Region } from '../config/region.js';
import { migrateDatabase, revertLastMigration } from '../database/migrate.js';
import { grantServing } from '../database/serving-login.js';
import { requireFit } from '../region/database-fit.js';
import { checkSessions } from '../region/session-check.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { withEachDatabase } from './region-session.js';

interface MigrateOptions extends CommonOptions {
  readonly revert?: true;
  readonly grantServe?: string;
}

/** The result in one region. */
interface MigrateResult {
  readonly region: Region;
  readonly applied: readonly string[];
  readonly reverted: boolean;
  /** The login of serving processes that was given its privileges; null: none was named. */
  readonly granted: string | null;
}

export function addMigrateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('migrate')
    .description(
      "migrate the databases of the served regions, or of one region, to this version's schema",
    )
    .option('--revert', 'revert the last migration instead')
    .option(
      '--grant-serve <role>',
      'then give this database role what a process with GATEWAY_ROLE=serve needs, and nothing else',
    );
  withCommonOptions(command).action(async (options: MigrateOptions) => {
    const { environment } = context;
    const work = options.revert ? revert : migrateAndGrant(options.grantServe ?? null);
    const results = await withEachDatabase(environment, options.region, work);
    context.print(options.json ? JSON.stringify(results) : results.map(describe).join('\n'));
  });
}

function migrateAndGrant(granted: string | null) {
  return async (region: Region, database: DataSource): Promise<MigrateResult> => {
    await checkSessions(region, database);
    await requireFit(region, database);
    const applied = await migrateDatabase(database);
    if (granted !== null) await grantServing(database, granted);
    return { region, applied, reverted: false, granted };
  };
}

async function revert(region: Region, database: DataSource): Promise<MigrateResult> {
  await checkSessions(region, database);
  await revertLastMigration(database);
  return { region, applied: [], reverted: true, granted: null };
}

function describe({ region, applied, reverted, granted }: MigrateResult): string {
  if (reverted) return `${region}: reverted the last migration`;
  const migrated = applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`;
  return `${region}: ${migrated}${granted === null ? '' : `; ${granted} may serve`}`;
}
