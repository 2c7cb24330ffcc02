import { readFileSync } from 'node:fs';
import { V8_THREADS } from '../../../demo/gateway-process.js';

const read = (path: string): string => readFileSync(path, 'utf8');

describe('Node has one thread for V8', () => {
  it.each([
    ['npm start', 'package.json', /"start": "exec node (.+) dist\/src\/main\.js"/],
    ['the container', 'Dockerfile', /^CMD \["node", "(.+)", "dist\/src\/main\.js"\]$/m],
    [
      'the unit of systemd',
      'deploy/systemd/onetime-gateway.service',
      /^ExecStart=\S+\/node (.+) \S+\/dist\/src\/main\.js$/m,
    ],
  ])('by %s', (_, path, pattern) => {
    expect(pattern.exec(read(path))?.[1]).toBe(V8_THREADS);
  });
});
