import type { ConfigProblem } from './config-problem.js';

/** Every problem of the configuration. `message` has one line for each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    this.name = 'ConfigError';
  }
}
