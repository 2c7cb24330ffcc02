import { TestEnvironment } from 'jest-environment-node';

// A worker of jest outlives jest: it works off its spec, with the gateways and databases that it has started. Those end with
// the worker (see tied-process.ts), and the worker with jest. Tests have a copy of `process` without its events.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

export default TestEnvironment;
