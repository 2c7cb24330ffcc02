import { TestEnvironment } from 'jest-environment-node';

const EVERY_MS = 500;
const jest = process.ppid;

// A worker of jest outlives jest: it works off its spec, with the gateways and databases that it has started. Those end with
// the worker (see tied-process.ts), and the worker with jest. The event `disconnect` would say so too, but whoever
// listens to it keeps an idle worker from ending. The tests themselves have a copy of `process`.
if (process.send !== undefined)
  setInterval(() => {
    if (process.ppid !== jest) process.kill(process.pid, 'SIGKILL');
  }, EVERY_MS).unref();

export default TestEnvironment;
