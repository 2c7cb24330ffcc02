import { rm } from 'node:fs/promises';

interface TestServer {
  readonly server: { stop(): Promise<void> };
  readonly dataDir: string;
}

/** Stops the PostgreSQL of integration-setup.ts. If jest is killed, the server ends by itself. */
export default async function teardown(): Promise<void> {
  const { testServer } = globalThis as unknown as { testServer?: TestServer };
  if (testServer === undefined) return;
  await testServer.server.stop();
  await rm(testServer.dataDir, { recursive: true, force: true });
}
