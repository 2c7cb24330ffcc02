import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.js';
import { readConfig, type Config } from '../config/config.js';
import { refuse } from './process-end.js';

/**
 * Reads the configuration before anything else is loaded, and starts what it asks for: one process, or several. Three
 * parts, so that PostgreSQL starts while the largest is loaded.
 */
export async function startProgram(environment: NodeJS.ProcessEnv): Promise<void> {
  const config = await configOrExit(environment);
  if (config.workers === 1) {
    const { beginRun } = await import('./begin-run.js');
    const begun = beginRun(config);
    // Loading stops the event loop: what has just begun takes its first step before it.
    await nextTurn();
    const { runGateway } = await import('./run-gateway.js');
    return runGateway(config, begun);
  }
  const { runSupervisor } = await import('./workers/run-supervisor.js');
  return runSupervisor(config);
}

async function configOrExit(environment: NodeJS.ProcessEnv): Promise<Config> {
  try {
    const config = readConfig(environment);
    if (config.brandFile !== null) {
      const { requireBrandFile } = await import('../brand/host-brand.js');
      await requireBrandFile(config);
    }
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error);
  }
}
