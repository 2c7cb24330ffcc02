import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { accountIdIn } from '../accounts/external-id.js';
import { readConfig } from '../config/config.js';
import { urlOf } from '../database/connect.js';
import { DomainClaims } from '../domains/claims/domain-claims.js';
import { exportAccounts } from '../region/transfer/export-accounts.js';
import { AccountImport } from '../region/transfer/import-accounts.js';
import { linesOf, openAccountsFile } from '../region/transfer/read-accounts-file.js';
import { AppError } from '../shared/app-error.js';
import { withDraft } from '../shared/draft-file.js';
import type { Output } from './account-output.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { domainSettingsOf } from './domain-administration.js';
import { chooseRegion, withRegion, type RegionSession } from './region-session.js';

type ExportOptions = CommonOptions & { readonly to: string; readonly account?: string };
type ImportOptions = CommonOptions & { readonly from: string };

/** `export` and `import`: accounts and their domains, from one region or installation to another. */
export function addTransferCommands(program: Command, context: CommandContext): void {
  const print = (options: CommonOptions, { text, json }: Output): void =>
    context.print(options.json ? JSON.stringify(json) : text);

  withCommonOptions(
    program
      .command('export')
      .description(
        'write accounts and their domains to a file, with hashes of tokens and passwords',
      )
      .requiredOption('--to <file>', 'a file that does not exist yet')
      .option('--account <id>', 'only this account, by its id or address'),
  ).action(async (options: ExportOptions) => {
    const path = resolve(options.to);
    const output = await withRegion(context.environment, options.region, async (session) => {
      const accountId = await accountIdOf(session, options.account);
      const { region, database } = session;
      const accounts = await writeLines(path, (write) =>
        exportAccounts(urlOf(database), { region, accountId }, write),
      );
      return {
        text: `Wrote ${accounts} accounts of ${region} to ${path}.`,
        json: { region, accounts, file: path },
      };
    });
    print(options, output);
  });

  withCommonOptions(
    program
      .command('import')
      .description('add the accounts and domains of a file; what exists already stays as it is')
      .requiredOption('--from <file>', 'what gateway export wrote'),
  ).action(async (options: ImportOptions) => {
    const file = openAccountsFile(repeatable(resolve(options.from)));
    const config = readConfig(context.environment);
    const settings = domainSettingsOf(config, chooseRegion(config, options.region));
    const output = await withRegion(context.environment, options.region, async (session) => {
      const { database, region } = session;
      const claims = new DomainClaims(database, settings);
      const result = await new AccountImport({ region, database, claims }).run(file);
      const { created, existing, claimed, skipped } = result;
      const text = [
        `Created ${created} accounts in ${region}, ${existing} were there already; ${claimed} domains wait for their records.`,
        ...skipped.map((reason) => `left out: ${reason}`),
      ];
      return { text: text.join('\n'), json: { region, ...result } };
    });
    print(options, output);
  });
}

async function accountIdOf(
  { accounts }: RegionSession,
  name: string | undefined,
): Promise<string | null> {
  if (name === undefined) return null;
  const id = accountIdIn(name);
  return (id === null ? await accounts.get(name) : await accounts.getById(id)).id;
}

/** A file that only its owner may read, which has its name once it is whole. */
async function writeLines<Result>(
  path: string,
  work: (write: (line: string) => void) => Promise<Result>,
): Promise<Result> {
  if (existsSync(path)) throw new AppError('invalid_request', `${path} exists already.`);
  return withDraft(path, async (draft) => {
    const file = onDisk(path, () => openSync(draft, 'a'));
    try {
      // Unlike writeSync() it writes the whole line, and on a descriptor it appends.
      const result = await work((line) => onDisk(path, () => writeFileSync(file, `${line}\n`)));
      onDisk(path, () => {
        fsyncSync(file);
        renameSync(draft, path);
      });
      return result;
    } finally {
      closeSync(file);
    }
  });
}

/** @throws AppError `invalid_request` with the reason of the file system, which the operator mends */
function onDisk<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const message = `${path} cannot be written: ${(error as Error).message}`;
    throw new AppError('invalid_request', message, { cause: error });
  }
}

/** A pipe gives its lines once, so they are kept. */
function repeatable(path: string): () => Iterable<string> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return () => linesOf(path);
  const lines = [...linesOf(path)];
  return () => lines;
}
