import { requireNode } from '../config/node-version.js';

// The operator's command line: one command, one region, then the end.

try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', () => {});

// Imported late: an older Node could not even load it.
const { runCommandLine } = await import('./command-line.js');
process.exitCode = await runCommandLine(
  process.argv.slice(2),
  { environment: process.env, print: (text) => process.stdout.write(`${text}\n`) },
  (text) => process.stderr.write(`${text}\n`),
);
