import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../config/config.js';
import { existingRootKeys } from '../config/data-dir-keys.js';
import { readBackup, type BackupSummary } from '../region/backup/backup-file.js';
import { restoreBackup } from '../region/backup/restore-backup.js';
import { writeBackup } from '../region/backup/write-backup.js';
import { AppError } from '../shared/app-error.js';
import type { Output } from './account-output.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { chooseRegion, withDatabaseUrl } from './region-session.js';

type BackupOptions = CommonOptions & { readonly to: string; readonly receipts: boolean };
type RestoreOptions = CommonOptions & { readonly from: string; readonly check?: true };

/** `backup` and `restore`: what a region needs to go on in another database, without the ciphertexts of secrets. */
export function addBackupCommands(program: Command, context: CommandContext): void {
  const print = (options: CommonOptions, { text, json }: Output): void =>
    context.print(options.json ? JSON.stringify(json) : text);

  withCommonOptions(
    program
      .command('backup')
      .description('write a region to a file, without the ciphertexts of secrets; gateways may run')
      .requiredOption('--to <file>', 'a file that does not exist yet')
      .option('--no-receipts', 'leave out what the senders of secrets see'),
  ).action(async (options: BackupOptions) => {
    const config = readConfig(context.environment);
    const own = chooseRegion(config, options.region);
    const path = resolve(options.to);
    const summary = await withDatabaseUrl(config, own, (url) =>
      writeBackup({ url, region: own.region, path, hasReceipts: options.receipts }),
    );
    print(options, summaryOutput(`Wrote ${path}, and read it back.`, summary));
  });

  withCommonOptions(
    program
      .command('restore')
      .description('fill the empty database of a region from a backup; no gateway may run')
      .requiredOption('--from <file>', 'what gateway backup wrote')
      .option('--check', 'only read the file and compare it with its manifest'),
  ).action(async (options: RestoreOptions) => {
    const path = resolve(options.from);
    if (options.check)
      return print(options, summaryOutput(`${path} is whole.`, await readBackup(path)));
    requireFile(path);
    const config = readConfig(context.environment);
    const own = chooseRegion(config, options.region);
    const { region } = own;
    const rootKeys = existingRootKeys(config, region);
    if (rootKeys === null) {
      const message = `${region} has no root key: configure the one that the backup was written with.`;
      throw new AppError('invalid_request', message);
    }
    // An embedded database is made for a whole backup only.
    if (own.databaseUrl === null) await readBackup(path);
    const summary = await withDatabaseUrl(
      config,
      own,
      (url) => restoreBackup({ url, region, rootKeys, path }),
      { mayMake: true },
    );
    print(options, summaryOutput(restoredText(region, summary), summary));
  });
}

/** It is read more than once: wholly, before anything is written. */
function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  const message = `${path} is no file, such as a pipe: a restore reads the backup twice, so write it to a file first.`;
  throw new AppError('invalid_request', message);
}

function restoredText(region: string, { header }: BackupSummary): string {
  return [
    `Restored ${region} as it was at ${header.taken_at}, and compared it with the manifest.`,
    'No secret of before can be opened; unread receipts say that it is gone. Everybody signs in anew.',
    'What was done since is undone: revoke tokens, remove accounts and domains, and block names again. Make new admin keys.',
  ].join('\n');
}

function summaryOutput(first: string, { header, manifest }: BackupSummary): Output {
  const counts = Object.entries(manifest.tables).map(([table, { rows }]) => `${table} ${rows}`);
  const last = header.migrations.at(-1) ?? '';
  return {
    text: [
      first,
      `region ${header.region}, taken at ${header.taken_at} by version ${header.program}, schema ${last}`,
      `rows: ${counts.join(', ')}`,
    ].join('\n'),
    json: {
      region: header.region,
      taken_at: header.taken_at,
      program: header.program,
      schema: last,
      tables: manifest.tables,
      left_out: manifest.left_out,
      sha256: manifest.sha256,
    },
  };
}
