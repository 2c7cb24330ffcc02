import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(new URL('web-socket.ts', import.meta.url));
const PROGRAM = `
  const { importHttpWithoutWebSocket } = await import(process.argv[1]);
  await importHttpWithoutWebSocket();
  const { createServer, WebSocket } = await import('node:http');
  const has = () => process.moduleLoadList.some((name) => name.includes('undici/undici'));
  const before = [typeof createServer, typeof WebSocket, has()];
  const { createRequire } = await import('node:module');
  const later = [typeof createRequire(import.meta.url)('http').WebSocket, typeof fetch, has()];
  console.log(JSON.stringify([...before, ...later]));
`;

it('an import of node:http does not load the client of fetch, which is still there when it is needed', () => {
  const words = ['--experimental-strip-types', '--input-type=module', '--eval', PROGRAM, MODULE];
  const [output] = execFileSync(process.execPath, words, {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--no-warnings' },
  }).split('\n');
  const first = ['function', 'undefined', false];
  const later = ['function', 'function', true];
  expect(JSON.parse(output ?? '')).toEqual([...first, ...later]);
});
