import { Command } from 'commander';
import { migrateDatabase, revertLastMigration } from '../database/migrate.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { withDatabases } from './region-session.js';

interface MigrateOptions extends CommonOptions {
  readonly revert?: true;
}

/** What happened in one region. */
interface MigrateResult {
  readonly region: string;
  readonly applied: readonly string[];
  readonly reverted: boolean;
}

export function migrateCommand(context: CommandContext): Command {
  const command = new Command('migrate')
    .description("bring the served regions' databases to this version's schema")
    .option('--revert', 'take the last migration back instead');
  return withCommonOptions(command).action(async (options: MigrateOptions) => {
    const results: MigrateResult[] = [];
    await withDatabases(context.environment, options.region ?? 'all', async (region, url) => {
      results.push({ region, ...(await (options.revert ? revert(url) : migrate(url))) });
    });
    context.print(options.json ? JSON.stringify(results) : results.map(describe).join('\n'));
  });
}

async function migrate(url: string): Promise<Omit<MigrateResult, 'region'>> {
  return { applied: await migrateDatabase(url), reverted: false };
}

async function revert(url: string): Promise<Omit<MigrateResult, 'region'>> {
  await revertLastMigration(url);
  return { applied: [], reverted: true };
}

function describe({ region, applied, reverted }: MigrateResult): string {
  if (reverted) return `${region}: took the last migration back`;
  return applied.length === 0 ? `${region}: up to date` : `${region}: applied ${applied.join(', ')}`;
}
