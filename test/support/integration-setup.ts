import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts the PostgreSQL of all integration tests. openTestDatabase() makes databases in it. */
export default async function setup(): Promise<void> {
  const { startEmbeddedPostgres } = await importEmbeddedPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), 'onetime-test-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    regions: ['test'],
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      // Several files at once, and in each the pools of several processes, with ten connections.
      max_connections: '300',
    },
  });
  // The workers are processes: they inherit environment variables.
  process.env['TEST_POSTGRES_ADMIN_URL'] = server.adminUrl;
  process.env['TEST_POSTGRES_URL'] = server.urlOf('test');
  Object.assign(globalThis, { testServer: { server, dataDir } });
}

/** jest transforms the imports of a global setup, but does not map `.js` to `.ts`: a hook does. */
async function importEmbeddedPostgres(): Promise<
  typeof import('../../src/database/embedded/embedded-postgres.js')
> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const isRelative =
        /^\.\.?\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts') === true;
      if (!isRelative) return next(specifier, context);
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      return existsSync(source)
        ? { url: source.href, shortCircuit: true }
        : next(specifier, context);
    },
  });
  try {
    return await import('../../src/database/embedded/embedded-postgres.js');
  } finally {
    hooks.deregister();
  }
}
