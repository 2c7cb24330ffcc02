import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from './command-line.js';

interface Documented {
  /** `account list`, and all that follows it. */
  readonly path: string;
  readonly options: readonly string[];
}

const FILES = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  'deploy/helm/onetime-gateway/templates/NOTES.txt',
];

/** What is to be typed: of Markdown the lines of shell blocks, and code within a sentence. */
function codeOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.md')) return text.split('\n');
  const blocks = [...text.matchAll(/^ *```sh\n([^]*?)^ *```/gm)].map(([, block = '']) => block);
  const sentences = text.replaceAll(/^ *```[^]*?^ *```/gm, '');
  const spans = [...sentences.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [...blocks.flatMap((block) => block.split('\n')), ...spans];
}

/** Each command of the operator in it; `list|show` are two. */
function commandsIn(code: string): Documented[] {
  const [, words = ''] =
    /(?:^\s*|gateway-a |-- |npm run -s )gateway (?:-- )?([a-z][^#&]*)/.exec(code) ?? [];
  let paths: string[] = [''];
  for (const word of words.split(' ')) {
    if (!/^[a-z][a-z|-]*$/.test(word)) break;
    paths = paths.flatMap((path) => word.split('|').map((each) => `${path} ${each}`.trim()));
  }
  const options = words.match(/--[a-z][a-z-]*/g) ?? [];
  return paths.filter((path) => path !== '').map((path) => ({ path, options }));
}

describe('the documents', () => {
  it.each(FILES)('%s: name commands and options that there are', async (file) => {
    const faults: string[] = [];
    for (const { path, options } of codeOf(file).flatMap(commandsIn)) {
      const lines: string[] = [];
      const print = (text: string): void => void lines.push(text);
      await runCommandLine([...path.split(' '), '--help'], { print, environment: {} }, print);
      const help = lines.join('\n');
      if (!help.startsWith(`Usage: gateway ${path} `)) faults.push(path);
      faults.push(
        ...options
          .filter((option) => !help.includes(`${option} `))
          .map((option) => `${path} ${option}`),
      );
    }
    expect(faults).toEqual([]);
  });

  it('are searched', () => {
    const found = FILES.flatMap((file) => codeOf(file).flatMap(commandsIn));
    expect(new Set(found.map(({ path }) => path)).size).toBeGreaterThan(30);
  });
});
