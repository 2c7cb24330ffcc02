import type { Command } from 'commander';
import type { DataSource } from 'typeorm';
import type { Region } from '../config/region.js';
import { migrateDatabase, revertLastMigration } from '../database/migrate.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { withEachDatabase } from './region-session.js';

interface MigrateOptions extends CommonOptions {
  readonly revert?: true;
}

/** The result in one region. */
interface MigrateResult {
  readonly region: Region;
  readonly applied: readonly string[];
  readonly reverted: boolean;
}

export function addMigrateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('migrate')
    .description(
      "migrate the databases of the served regions, or of one region, to this version's schema",
    )
    .option('--revert', 'revert the last migration instead');
  withCommonOptions(command).action(async (options: MigrateOptions) => {
    const { environment } = context;
    const work = options.revert ? revert : migrate;
    const results = await withEachDatabase(environment, options.region, work);
    context.print(options.json ? JSON.stringify(results) : results.map(describe).join('\n'));
  });
}

async function migrate(region: Region, database: DataSource): Promise<MigrateResult> {
  return { region, applied: await migrateDatabase(database), reverted: false };
}

async function revert(region: Region, database: DataSource): Promise<MigrateResult> {
  await revertLastMigration(database);
  return { region, applied: [], reverted: true };
}

function describe({ region, applied, reverted }: MigrateResult): string {
  if (reverted) return `${region}: reverted the last migration`;
  return applied.length === 0
    ? `${region}: up to date`
    : `${region}: applied ${applied.join(', ')}`;
}
