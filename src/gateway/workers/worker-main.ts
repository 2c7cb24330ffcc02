import { requireNode } from '../../config/node-version.js';
import { useCompileCache } from '../compile-cache.js';
import { keepHeapSmall } from '../heap-growth.js';
import { importHttpWithoutWebSocket } from '../web-socket.js';

// The program of a worker. After an upgrade in place it is newer than its supervisor, and so may be the Node it needs.
try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

keepHeapSmall();
useCompileCache(process.env);
await importHttpWithoutWebSocket();
const { runWorker } = await import('./run-worker.js');
await runWorker(process.env);
