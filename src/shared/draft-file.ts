import { rmSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work`, which writes the draft of a file. When the process is interrupted meanwhile, the draft is removed first: half
 * of a backup has as much in it about people as a whole one.
 */
export async function withDraft<Result>(
  draft: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const end = (signal: NodeJS.Signals): void => {
    rmSync(draft, { force: true });
    stop();
    // Ends as it would have ended, or by whoever else listens.
    process.kill(process.pid, signal);
  };
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await work();
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    stop();
  }
}
