import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Brand } from '../../brand/brand.js';
import { brandStyle } from './brand-style.js';

/** A file that the pages link. */
interface ServedFile {
  readonly text: string;
  /** Changes with the text, so that browsers may cache it forever. */
  readonly path: string;
}

const STYLE = read('style.css');
const stylesheets = new WeakMap<Brand, ServedFile>();

/** The one stylesheet of a tenant's pages: the same for all but the colours, corners and fonts of its brand. */
export function stylesheetOf(brand: Brand): ServedFile {
  const known = stylesheets.get(brand);
  if (known !== undefined) return known;
  const text = brandStyle(brand) + STYLE;
  const version = hash('sha256', text).slice(0, 12);
  const file = { text, path: `/style.css?v=${version}` };
  stylesheets.set(brand, file);
  return file;
}

const scriptText = read('enhancements.js');

/** What the pages add where a browser runs scripts, in the page itself. No page needs it. */
export const SCRIPT = {
  text: scriptText,
  /** For the content security policy. */
  hash: `sha256-${hash('sha256', scriptText, 'base64')}`,
} as const;

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
