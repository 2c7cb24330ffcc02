import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The one stylesheet, read once at start. */
export const STYLESHEET = readFileSync(new URL('style.css', import.meta.url), 'utf8');

const HASH = createHash('sha256').update(STYLESHEET).digest('hex').slice(0, 12);

/** Its path, which changes with its content, so that browsers may cache it forever. */
export const STYLESHEET_PATH = `/style.css?v=${HASH}`;
