import type { Config } from '../../config/config.js';
import { SECOND } from '../../shared/durations.js';
import {
  endBy,
  EXIT_FAILED,
  onHangUp,
  openOutput,
  STOP_DEADLINE,
  StopRequest,
  warnWithoutCa,
  warnWithoutLimits,
} from '../process-end.js';
import { Supervisor } from './supervisor.js';

/** The workers have the deadline of a process that serves alone; the supervisor waits a little longer for their end. */
const DEADLINE = STOP_DEADLINE + 2 * SECOND;

/**
 * Runs the supervisor of several workers, from start to exit. Exits 0 after a graceful stop, 2 on a configuration that it
 * or a worker refuses, 1 on any other failure, also of a worker's stop.
 */
export async function runSupervisor(config: Config): Promise<void> {
  const output = openOutput(config);
  const { logger, exit } = output;
  let supervisor: Supervisor | null = null;
  const stopRequested = new StopRequest((reason) => {
    logger.error({ reason }, 'forced to exit before the stop was complete');
    supervisor?.killWorkers();
    exit(EXIT_FAILED);
  }, DEADLINE);
  onHangUp(stopRequested, () => supervisor?.restart());
  warnWithoutLimits(config, logger);
  warnWithoutCa(config, logger);
  let isClean = true;
  try {
    supervisor = await Supervisor.start(config, logger);
    void supervisor.serving.then(() => logger.info('ready'));
    const refusal = await Promise.race([stopRequested.received, supervisor.refused]);
    logger.info('stopping');
    isClean = await supervisor.stop();
    if (refusal !== undefined) throw refusal;
  } catch (err) {
    endBy(err, output);
  }
  logger.info('stopped');
  exit(isClean ? 0 : EXIT_FAILED);
}
