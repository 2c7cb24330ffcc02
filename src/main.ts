import { setFlagsFromString } from 'node:v8';
import { requireNode } from './config/node-version.js';
import { programVersion } from './config/program-version.js';

try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

const [word] = process.argv.slice(2);
if (word === '--version') {
  console.log(programVersion());
  process.exit(0);
}
if (word !== undefined) {
  console.error(
    `${word}: the gateway takes no arguments but --version; see README for its variables.`,
  );
  process.exit(2);
}

// By default V8 lets the heap double before a collection. A growth of 30 % keeps the process a third smaller.
setFlagsFromString('--heap-growing-percent=30');

// Imported after the check, because an older Node cannot load it.
const { runGateway } = await import('./gateway/run-gateway.js');
await runGateway(process.env);
