import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Brand } from '../../brand/brand.js';
import { boundedCache } from '../../shared/bounded-cache.js';
import { PublicFile } from '../../shared/public-file.js';
import { brandStyle } from './brand-style.js';

const STYLE = minified(read('style.css').toString('utf8'));
const LIVE_STYLE = STYLE + minified(read('live.css').toString('utf8'));
const STYLESHEETS_MAX = 500;
const DAY = 'public, max-age=86400';
/** For a file whose address has its version. */
export const FOREVER = 'public, max-age=31536000, immutable';
/** For an address with another version: the other one may be in this process in a moment. */
export const REVALIDATED = 'public, no-cache';

/** By the part that differs: brands that look alike share one. */
const stylesheets = boundedCache<string, PublicFile>(STYLESHEETS_MAX);

/**
 * The one stylesheet of a tenant's pages: the same for all but the colours, corners and fonts of its brand.
 * @param isLive with that of pages that show how something goes on
 */
export function stylesheetOf(brand: Brand, isLive = false): PublicFile {
  const own = brandStyle(brand);
  const key = `${isLive} ${own}`;
  const known = stylesheets.get(key);
  if (known !== undefined) return known;
  const file = new PublicFile(own + (isLive ? LIVE_STYLE : STYLE), 'text/css', REVALIDATED);
  stylesheets.set(key, file);
  return file;
}

/** In the address of the stylesheet of pages that show how something goes on. */
export const LIVE_PARAMETER = 'live';

export function stylesheetPath(brand: Brand, isLive: boolean): string {
  const { version } = stylesheetOf(brand, isLive);
  return isLive ? `/style.css?${LIVE_PARAMETER}=1&v=${version}` : `/style.css?v=${version}`;
}

/** An icon in the formats and sizes that browsers ask for. */
export interface PageIcons {
  readonly svg: PublicFile;
  /** 16, 32 and 48 pixels. */
  readonly ico: PublicFile;
  /** 180 pixels, for the home screen of a phone. */
  readonly large: PublicFile;
}

/** On the hosts of the regions. */
const OURS = iconsNamed('mark');
/** On a custom domain without an icon of its own: it says nothing of us. */
const NEUTRAL = iconsNamed('neutral');

export function iconsFor(isOurHost: boolean): PageIcons {
  return isOurHost ? OURS : NEUTRAL;
}

/** A script in the page itself. No page needs it. */
export interface InlineScript {
  readonly text: string;
  /** For the content security policy. */
  readonly hash: string;
}

/** What the pages add where a browser runs scripts. */
export const SCRIPT = inlineScript('enhancements.js');

/** On pages that show how something goes on. */
export const LIVE_SCRIPT = inlineScript('live.js');

/** On pages where passkeys are made or shown. */
export const PASSKEYS_SCRIPT = inlineScript('passkeys.js');

function inlineScript(name: string): InlineScript {
  const text = withoutComments(read(name).toString('utf8'));
  return { text, hash: `sha256-${hash('sha256', text, 'base64')}` };
}

function iconsNamed(name: string): PageIcons {
  return {
    svg: new PublicFile(read(`icons/${name}.svg`).toString('utf8'), 'image/svg+xml', DAY),
    ico: new PublicFile(read(`icons/${name}.ico`), 'image/x-icon', DAY),
    large: new PublicFile(read(`icons/${name}-180.png`), 'image/png', DAY),
  };
}

/** Without comments, and without the blanks at the beginning of lines. */
function minified(css: string): string {
  return css.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/\n\s*/g, '\n');
}

/** The comments of the script have lines of their own. */
function withoutComments(script: string): string {
  return script.replaceAll(/^\s*\/\*[^]*?\*\/\n/gm, '').replaceAll(/^\s*\/\/.*\n/gm, '');
}

function read(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url));
}
