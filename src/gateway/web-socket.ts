import { getBuiltinModule } from 'node:process';

const UNUSED = ['WebSocket', 'CloseEvent', 'MessageEvent'];

/**
 * An import of `node:http` reads each of its exports, and with these three Node loads its HTTP client for fetch: 14 MB and
 * 30 ms of processor. With this, an import has them as undefined; nothing here uses them. Called before the first import
 * of `node:http`.
 */
export async function importHttpWithoutWebSocket(): Promise<void> {
  const http = getBuiltinModule('node:http');
  const own = Object.entries(Object.getOwnPropertyDescriptors(http));
  const unused = own.filter(([name, { configurable }]) => UNUSED.includes(name) && configurable);
  for (const [name] of unused)
    Object.defineProperty(http, name, { configurable: true, value: undefined });
  await import('node:http');
  Object.defineProperties(http, Object.fromEntries(unused));
}
