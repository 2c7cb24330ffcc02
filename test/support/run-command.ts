import { runCommandLine } from '../../src/cli/command-line.js';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the operator's command line in this process. */
export async function runCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandOutcome> {
  const [printed, complained]: [string[], string[]] = [[], []];
  const context = { environment, print: (text: string) => void printed.push(text) };
  const code = await runCommandLine(words, context, (text) => void complained.push(text));
  return { code, stdout: printed.join('\n'), stderr: complained.join('\n') };
}
