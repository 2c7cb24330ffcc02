import { InvalidArgumentError, type Command } from 'commander';
import type { Region } from '../config/region.js';

/** The parts of the process that a command may use. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes a result to stdout and adds a line feed. All other output goes to stderr. */
  print(text: string): void;
}

/** The command has printed what it found, and that is a failure: exit code 1 without another word. */
export class CommandFailed extends Error {}

/** What failed in one of several regions. */
export class RegionFailed extends Error {
  constructor(
    readonly region: Region,
    override readonly cause: unknown,
  ) {
    super(`${region} failed`, { cause });
  }
}

/** The options of every command on a region. */
export interface CommonOptions {
  readonly region?: string;
  readonly json?: true;
}

export function withCommonOptions(command: Command): Command {
  return command
    .option('--region <region>', 'the region; optional if only one is served')
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
