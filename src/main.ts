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

// Imported after the check, because an older Node cannot load it.
const { keepHeapSmall } = await import('./gateway/heap-growth.js');
keepHeapSmall();
const { useCompileCache } = await import('./gateway/compile-cache.js');
useCompileCache(process.env);
const { importHttpWithoutWebSocket } = await import('./gateway/web-socket.js');
await importHttpWithoutWebSocket();
const { startProgram } = await import('./gateway/start-program.js');
await startProgram(process.env);
