import type { Command } from 'commander';
import type { Output } from './account-output.js';
import { withCommonOptions, type CommandContext, type CommonOptions } from './command-context.js';
import { withRegion, type RegionSession } from './region-session.js';

export interface AccountOptions extends CommonOptions {
  readonly email: string;
}

/** The work of one command in its region. */
export type Work<Options> = (session: RegionSession, options: Options) => Promise<Output>;

/** The action of a command: does its work in the region and prints the result as text or as JSON. */
export function actionOf<Options extends CommonOptions>(
  context: CommandContext,
  work: Work<Options>,
): (options: Options) => Promise<void> {
  return async (options) => {
    const output = await withRegion(context.environment, options.region, (session) =>
      work(session, options),
    );
    context.print(options.json ? JSON.stringify(output.json) : output.text);
  };
}

/** A command on the one account that `--email` names. */
export function onAccount(parent: Command, name: string, description: string): Command {
  return withCommonOptions(
    parent
      .command(name)
      .description(description)
      .requiredOption('--email <address>', "the account's e-mail address, in any letter case"),
  );
}
