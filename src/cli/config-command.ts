import type { Command } from 'commander';
import { readConfig } from '../config/config.js';
import type { CommandContext } from './command-context.js';

export function addConfigCommand(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('the configuration in the environment')
    .command('check')
    .description('refuse a bad configuration with code 2, as the gateway does at its start')
    .action(() => {
      const { served } = readConfig(context.environment);
      context.print(`valid; serves ${served.map(({ region }) => region).join(', ')}`);
    });
}
