import { requireNode } from './config/node-version.js';

try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

// Imported late: an older Node could not even load it.
const { runGateway } = await import('./gateway/run-gateway.js');
await runGateway(process.env);
