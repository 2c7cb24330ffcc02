import { InvalidArgumentError, type Command } from 'commander';

/** What a command may reach of the process. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results, for a person or a program to read; a line feed is added. Everything else goes to stderr. */
  print(text: string): void;
}

/** The options that every command has. */
export interface CommonOptions {
  readonly region?: string;
  readonly json?: true;
}

export function withCommonOptions(command: Command): Command {
  return command
    .option('--region <region>', 'the region; may be left out where only one is served')
    .option('--json', 'print JSON on one line');
}

/** For commander: a whole number from 0 to `max`. */
export function wholeNumberUpTo(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${max}.`);
  };
}
