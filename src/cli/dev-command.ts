import { existsSync } from 'node:fs';
import { InvalidArgumentError, type Command } from 'commander';
import { readConfig } from '../config/config.js';
import { DnsRecordsFile } from '../dns/dns-records-file.js';
import { ZONE_RECORD_TYPES, type ZoneRecordType } from '../dns/dns-zone.js';
import { AppError } from '../shared/app-error.js';
import type { CommandContext } from './command-context.js';
import { addDevMailCommand } from './dev-mail-command.js';

const TYPES = ZONE_RECORD_TYPES.join(', ');

/** `dev dns set | clear | list`: the records that the development DNS answers with. `dev mail`: see addDevMailCommand(). */
export function addDevCommand(program: Command, context: CommandContext): void {
  const file = (): DnsRecordsFile => {
    const { dataDir } = readConfig(context.environment);
    if (existsSync(dataDir)) return new DnsRecordsFile(dataDir);
    const message = `The data dir ${dataDir} does not exist: start a gateway, or give this command its environment.`;
    throw new AppError('invalid_request', message);
  };
  const dev = program.command('dev').description('commands for local development');
  addDevMailCommand(dev, context);
  const dns = dev.command('dns').description('records of the built-in development DNS');

  dns
    .command('set')
    .description('replace the records of that name and type')
    .argument('<name>')
    .argument('<type>', TYPES, recordType)
    .argument('<values...>')
    .action((name: string, type: ZoneRecordType, values: string[]) => {
      const zone = file().read();
      try {
        zone.set(name, type, values);
      } catch (error) {
        throw new AppError('invalid_request', (error as Error).message);
      }
      file().write(zone);
    });
  dns
    .command('clear')
    .description('remove the records of that name, or only those of one type')
    .argument('<name>')
    .argument('[type]', TYPES, recordType)
    .action((name: string, type: ZoneRecordType | undefined) => {
      const zone = file().read();
      zone.clear(name, type);
      file().write(zone);
    });
  dns
    .command('list')
    .description('all records')
    .option('--json', 'print JSON on one line')
    .action((options: { readonly json?: true }) => {
      const records = file().read().list();
      const lines = records.map(({ name, type, value }) => `${name} ${type} ${value}`);
      context.print(options.json ? JSON.stringify(records) : lines.join('\n'));
    });
}

/** For commander: a record type in any letter case. */
function recordType(text: string): ZoneRecordType {
  const type = ZONE_RECORD_TYPES.find((candidate) => candidate === text.toUpperCase());
  if (type !== undefined) return type;
  throw new InvalidArgumentError(`Expected one of ${TYPES}.`);
}
