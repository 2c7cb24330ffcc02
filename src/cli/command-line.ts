import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import { AppError } from '../shared/app-error.js';
import { describeError } from '../shared/logger.js';
import { accountCommand } from './account-commands.js';
import type { CommandContext } from './command-context.js';
import { devCommand } from './dns-commands.js';
import { migrateCommand } from './migrate-command.js';

/** 0: done. 1: understood, and it did not work. 2: the command or the configuration is wrong, nothing was done. */
export type ExitCode = 0 | 1 | 2;

/** Runs one command; `args` are the words after the program's name. Never throws. */
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
    complain(explain(error));
    return error instanceof ConfigError ? 2 : 1;
  }
}

function program(context: CommandContext, complain: (text: string) => void): Command {
  const root = new Command('gateway').description(
    "The operator's commands of the Onetime Gateway.",
  );
  const output = {
    writeOut: (text: string) => context.print(text.trimEnd()),
    writeErr: (text: string) => complain(text.trimEnd()),
  };
  root
    .addCommand(accountCommand(context))
    .addCommand(migrateCommand(context))
    .addCommand(devCommand(context));
  for (const command of withDescendants(root)) {
    command.exitOverride().configureOutput(output).showHelpAfterError('(--help tells more)');
  }
  return root;
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

/** A sentence for what can be expected to fail; where it came from for the rest, and never a value it may quote. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (isConnectionFailure(error) || isConnectionFailure((error as Error).cause)) {
    return `The database cannot be reached: ${reason(error)}`;
  }
  if (isRefusal(error)) return `The database refuses the connection: ${reason(error)}`;
  if (error instanceof AppError) return error.message;
  return `Unexpected failure: ${JSON.stringify(describeError(error), null, 2)}`;
}

/** A wrong role or password (SQLSTATE class 28), or no such database (3D). */
function isRefusal(error: unknown): boolean {
  return /^(?:28|3D)/.test(String((error as { code?: unknown }).code));
}

function reason(error: unknown): string {
  const { message, code, cause } = error as Error & { code?: string };
  return cause instanceof Error ? reason(cause) : message || (code ?? 'no reason given');
}
