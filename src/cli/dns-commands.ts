import { Command } from 'commander';
import { readConfig } from '../config/config.js';
import { DnsRecordsFile } from '../dns/dns-records-file.js';
import { ZONE_RECORD_TYPES, type ZoneRecordType } from '../dns/dns-zone.js';
import { AppError } from '../shared/app-error.js';
import type { CommandContext } from './command-context.js';

/** `dev dns set | clear | list`: the records that the development DNS answers with. */
export function devCommand(context: CommandContext): Command {
  const file = (): DnsRecordsFile => new DnsRecordsFile(readConfig(context.environment).dataDir);
  const dns = new Command('dns').description('records of the built-in development DNS');

  dns
    .command('set <name> <type> <values...>')
    .description('replace the records of that name and type')
    .action((name: string, type: string, values: string[]) => {
      const zone = file().read();
      try {
        zone.set(name, recordType(type), values);
      } catch (error) {
        throw error instanceof AppError
          ? error
          : new AppError('invalid_request', (error as Error).message);
      }
      file().write(zone);
    });
  dns
    .command('clear <name> [type]')
    .description('remove the records of that name, or those of one type')
    .action((name: string, type: string | undefined) => {
      const zone = file().read();
      zone.clear(name, type === undefined ? undefined : recordType(type));
      file().write(zone);
    });
  dns
    .command('list')
    .option('--json', 'print JSON on one line')
    .action((options: { readonly json?: true }) => {
      const records = file().read().list();
      const lines = records.map(({ name, type, value }) => `${name} ${type} ${value}`);
      context.print(options.json ? JSON.stringify(records) : lines.join('\n'));
    });
  return new Command('dev').description('what only a laptop needs').addCommand(dns);
}

function recordType(text: string): ZoneRecordType {
  const type = ZONE_RECORD_TYPES.find((candidate) => candidate === text.toUpperCase());
  if (type !== undefined) return type;
  throw new AppError('invalid_request', `Expected one of ${ZONE_RECORD_TYPES.join(', ')}.`);
}
