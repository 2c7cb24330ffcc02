import { requireNode } from '../config/node-version.js';

try {
  requireNode(process.versions.node);
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that closes the pipe early (`| head`) is not a failure.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`The output was not written: ${error.message}\n`);
  process.exitCode = 1;
});
// The exit code says it too.
process.stderr.on('error', () => {});

// Imported after the check, because an older Node cannot load it.
const { installedEnvironment } = await import('./environment-file.js');
const { runCommandLine } = await import('./command-line.js');
const exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    // When a command asks for it: --help needs none.
    get environment() {
      return installedEnvironment(process.env);
    },
    print: (text) => process.stdout.write(`${text}\n`),
  },
  (text) => process.stderr.write(`${text}\n`),
);
if (exitCode !== 0) process.exitCode = exitCode;
