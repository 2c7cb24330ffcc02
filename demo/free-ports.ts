import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below the ports that a system gives to those who ask for any, so that nobody is given one before it is used. */
const FIRST = 11_000;
const END = 32_768;
/** The workers of jest have one each. */
const PARTS = 4;
/** Those of earlier calls: what they are for may not listen yet. */
const given = new Set<number>();

/** Ports of 127.0.0.1 that are free now, and of which this process never gave one before, for processes whose configuration needs port numbers. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held at once, so that they differ.
  const held = new Map<number, Server>();
  while (held.size < count) {
    const [port, server] = [aPort(), createServer()];
    if (given.has(port)) continue;
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    given.add(port);
    held.set(port, server);
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')));
  return [...held.keys()];
}

function aPort(): number {
  const size = Math.floor((END - FIRST) / PARTS);
  const part = Number(process.env['JEST_WORKER_ID'] ?? 0) % PARTS;
  return FIRST + part * size + Math.floor(Math.random() * size);
}
