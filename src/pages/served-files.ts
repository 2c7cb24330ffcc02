import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A file that the pages link, read once at start. */
interface ServedFile {
  readonly text: string;
  /** Changes with the text, so that browsers may cache it forever. */
  readonly path: string;
}

export const STYLESHEET = servedFile('style.css', '/style.css');

/** What the pages add where a browser runs scripts. No page needs it. */
export const SCRIPT = servedFile('enhancements.js', '/page.js');

function servedFile(name: string, path: string): ServedFile {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { text, path: `${path}?v=${version}` };
}
