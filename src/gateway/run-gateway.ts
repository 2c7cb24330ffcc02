import type { Config } from '../config/config.js';
import { Gateway } from './gateway.js';
import { limitHeapGrowth } from './heap-growth.js';
import { endBy, EXIT_FAILED, openOutput, StopRequest, warnWithoutLimits } from './process-end.js';

/**
 * Runs a process that serves alone, from start to exit. Exits 0 after a graceful stop, 2 on a bad configuration, 1 on any
 * other failure.
 */
export async function runGateway(config: Config): Promise<void> {
  const output = openOutput(config);
  const { logger, exit } = output;
  const stopRequested = new StopRequest((reason) => {
    logger.error({ reason }, 'forced to exit before the stop was complete');
    exit(EXIT_FAILED);
  });
  warnWithoutLimits(config, logger);
  try {
    const gateway = await Gateway.start(config, logger);
    void gateway.serving.then(() => {
      logger.info('ready');
      limitHeapGrowth();
    });
    const refusal = await Promise.race([stopRequested.received, gateway.allRefused]);
    logger.info('stopping');
    await gateway.stop();
    if (refusal !== undefined) throw refusal;
  } catch (err) {
    endBy(err, output);
  }
  logger.info('stopped');
  exit(0);
}
