import { setFlagsFromString } from 'node:v8';
import { requireNode } from './config/node-version.js';

try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

// V8 lets garbage double the heap before it collects; 30 % more is enough, and keeps the process a third smaller.
setFlagsFromString('--heap-growing-percent=30');

// Imported late: an older Node could not even load it.
const { runGateway } = await import('./gateway/run-gateway.js');
await runGateway(process.env);
