import type { Config } from '../config/config.js';
import type { BegunRun } from './begin-run.js';
import { Gateway } from './gateway.js';
import { limitHeapGrowth } from './heap-growth.js';
import { endBy } from './process-end.js';

/**
 * Runs a process that serves alone, from start to exit. Exits 0 after a graceful stop, 2 on a bad configuration, 1 on any
 * other failure.
 */
export async function runGateway(
  config: Config,
  { output, stopRequested, databases }: BegunRun,
): Promise<void> {
  const { logger, exit } = output;
  try {
    const gateway = await Gateway.start(config, logger, databases);
    void gateway.serving.then(() => {
      logger.info('ready');
      limitHeapGrowth();
    });
    const refusal = await Promise.race([stopRequested.received, gateway.allRefused]);
    logger.info('stopping');
    await gateway.stop();
    await databases.close();
    if (refusal !== undefined) throw refusal;
  } catch (err) {
    await databases.close().catch(() => undefined);
    endBy(err, output);
  }
  logger.info('stopped');
  exit(0);
}
