import { useCompileCache } from '../compile-cache.js';

// The program of a worker: supervisor and worker are the same build on the same Node, so nothing is checked again.
useCompileCache(process.env);
const { runWorker } = await import('./run-worker.js');
await runWorker(process.env);
