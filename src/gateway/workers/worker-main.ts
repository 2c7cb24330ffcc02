import { limitHeapGrowth } from '../heap-growth.js';

// The program of a worker: supervisor and worker are the same build on the same Node, so nothing is checked again.
limitHeapGrowth();

const { runWorker } = await import('./run-worker.js');
await runWorker(process.env);
