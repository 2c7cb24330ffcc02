import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { programVersion } from '../config/program-version.js';
import { addAccountCommands } from './account-commands.js';
import { addAdminCommands } from './admin-commands.js';
import { addBackupCommands } from './backup-commands.js';
import { CommandFailed, RegionFailed, type CommandContext } from './command-context.js';
import { addCaCommands } from './ca-commands.js';
import { addConfigCommand } from './config-command.js';
import { addDevCommand } from './dev-command.js';
import { addDoctorCommand } from './doctor/doctor-command.js';
import { addDomainConnectCommands } from './domain-connect-commands.js';
import { addDomainCommands } from './domain-commands.js';
import { explain } from './explain.js';
import { addMigrateCommand } from './migrate-command.js';
import { addRekeyCommand } from './rekey-command.js';
import { addShredCommand } from './shred-command.js';
import { addTransferCommands } from './transfer-commands.js';

// This room knows the operator's commands, their options, their output as text and JSON, and their exit codes.
// It must not know HTTP, Nest or how a customer's secret is opened. A command works on the databases of the served regions, or on
// the files of the development DNS and mails.

/** 0: done. 1: the command failed. 2: the command or the configuration is wrong, and nothing was done. */
type ExitCode = 0 | 1 | 2;

/** Runs one command. `args` does not include the program's name. Never throws. */
export async function runCommandLine(
  args: readonly string[],
  context: CommandContext,
  complain: (text: string) => void,
): Promise<ExitCode> {
  try {
    await program(context, complain).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof CommandFailed) return 1;
    complain(explain(error));
    const cause = error instanceof RegionFailed ? error.cause : error;
    return cause instanceof ConfigError ? 2 : 1;
  }
}

function program(context: CommandContext, complain: (text: string) => void): Command {
  // Commands made with .command() inherit these settings.
  const root = new Command('gateway')
    .description("The operator's commands of the Onetime Gateway.")
    .version(programVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => complain(text.trimEnd()),
    })
    .showHelpAfterError('(use --help for usage)');
  addAccountCommands(root, context);
  addAdminCommands(root, context);
  addDomainCommands(root, context);
  addDomainConnectCommands(root, context);
  addMigrateCommand(root, context);
  addConfigCommand(root, context);
  addDoctorCommand(root, context);
  addCaCommands(root, context);
  addRekeyCommand(root, context);
  addBackupCommands(root, context);
  addShredCommand(root, context);
  addTransferCommands(root, context);
  addDevCommand(root, context);
  return root;
}
