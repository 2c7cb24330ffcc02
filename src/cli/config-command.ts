import type { Command } from 'commander';
import { requireBrandFile } from '../brand/host-brand.js';
import { readConfig } from '../config/config.js';
import type { CommandContext } from './command-context.js';

export function addConfigCommand(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('the configuration in the environment')
    .command('check')
    .description('refuse a bad configuration with code 2, as the gateway does at its start')
    .action(async () => {
      const config = readConfig(context.environment);
      const { served } = config;
      await requireBrandFile(config);
      context.print(`valid; serves ${served.map(({ region }) => region).join(', ')}`);
    });
}
