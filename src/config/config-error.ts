import type { ConfigProblem } from './config-problem.js';

/** Every problem of the configuration. `message` has one line for each, once however many regions have it. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, message }) => `${variable}: ${message}`);
    super([...new Set(lines)].join('\n'));
    this.name = 'ConfigError';
  }
}
