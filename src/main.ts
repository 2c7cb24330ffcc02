import { setFlagsFromString } from 'node:v8';
import { requireNode } from './config/node-version.js';

try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

// By default V8 lets the heap double before a collection. A growth of 30 % keeps the process a third smaller.
setFlagsFromString('--heap-growing-percent=30');

// Imported after the check, because an older Node cannot load it.
const { runGateway } = await import('./gateway/run-gateway.js');
await runGateway(process.env);
