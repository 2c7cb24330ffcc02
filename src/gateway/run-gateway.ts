import { ConfigError } from '../config/config-error.js';
import { readConfig, type Config } from '../config/config.js';
import { BufferedOutput } from '../shared/buffered-output.js';
import { SECOND } from '../shared/durations.js';
import { createLogger } from '../shared/logger.js';
import { Gateway } from './gateway.js';

/** How long requests in flight have to finish. */
const STOP_DEADLINE = 20 * SECOND;
/** A terminal and a supervisor may both send the signal for one stop. */
const SAME_SIGNAL_WITHIN = SECOND;

const EXIT_FAILED = 1;
const EXIT_CONFIGURATION = 2;

/** Runs the process from start to exit. Exits 0 after a graceful stop, 2 on a bad configuration, 1 on any other failure. */
export async function runGateway(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = configOrExit(environment);
  const output = new BufferedOutput(process.stdout);
  const logger = createLogger({
    destination: output,
    level: config.logLevel,
    isReadable: process.stdout.isTTY,
  });
  const exit = (code: number): never => {
    output.flush();
    process.exit(code);
  };
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught exception');
    exit(EXIT_FAILED);
  });
  const stopRequested = new StopRequest((reason) => {
    logger.error({ reason }, 'forced to exit before the stop was complete');
    exit(EXIT_FAILED);
  });
  if (config.limits === null)
    logger.warn(
      'limits are off (GATEWAY_LIMITS=off): neither requests nor connections are limited',
    );
  try {
    const gateway = await Gateway.start(config, logger);
    void gateway.serving.then(() => logger.info('ready'));
    const refusal = await Promise.race([stopRequested.received, gateway.allRefused]);
    logger.info('stopping');
    await gateway.stop();
    if (refusal !== undefined) throw refusal;
  } catch (err) {
    if (err instanceof ConfigError) {
      output.flush();
      return refuse(err);
    }
    logger.fatal({ err }, 'gateway failed');
    exit(EXIT_FAILED);
  }
  logger.info('stopped');
  exit(0);
}

function configOrExit(environment: NodeJS.ProcessEnv): Config {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error);
  }
}

/** One sentence for each problem, and no stack: the operator's environment is at fault, not the program. */
function refuse({ message }: ConfigError): never {
  console.error(message);
  process.exit(EXIT_CONFIGURATION);
}

/** Waits for SIGTERM or SIGINT. Calls `force` at the deadline, or on another signal more than a second after the first. */
class StopRequest {
  readonly received: Promise<void>;

  constructor(force: (reason: string) => void) {
    this.received = new Promise((resolve) => {
      let firstAt: number | null = null;
      const onSignal = (): void => {
        if (firstAt === null) {
          firstAt = performance.now();
          setTimeout(() => force('stop deadline exceeded'), STOP_DEADLINE).unref();
          resolve();
        } else if (performance.now() - firstAt > SAME_SIGNAL_WITHIN) {
          force('second signal');
        }
      };
      process.on('SIGTERM', onSignal);
      process.on('SIGINT', onSignal);
    });
  }
}
