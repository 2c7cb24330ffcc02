import { findLinkKey, readingsOf } from '../../secrets/link-key.js';

const UNCHANGED = /^\/(?:secret|receipt|private)\/[0-9a-z]{31}$/;
/** The path of a link: all kinds of noise may be around its words, and a line may have been broken in the middle of one. */
const LINK = new RegExp(
  `^[^0-9a-z]+(${['secret', 'receipt', 'private'].map(withBreaks).join('|')})(?=[^0-9a-z])(.+)$`,
  'isu',
);
/** A slash, and something behind it. */
const SLASH = /^[^0-9a-z]*[/\\][/\\\s]*[^/\\\s]/i;
const NOT_LETTERS = /[^a-z]+/gi;
const ACTION = /\/(burn|value|created|mail)[/\s\p{Cf}]*$/iu;
/** In place of what is no key: all of them get the same answer. */
const NO_KEY = '-';
const KEYLESS = /^\/(?:secret|receipt|private)\/-(?:[/?]|$)/;

/** The URL of a link's page as its route expects it, whatever was done to the link; null for every other URL. */
export function linkUrlOf(url: string): string | null {
  if (url.startsWith('/api/') || url === '/') return null;
  if (UNCHANGED.test(url)) return url;
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const link = firstLinkIn(readingsOf(decoded(path)));
  if (link === null) return null;
  return `${link}${queryAt === -1 ? '' : url.slice(queryAt)}`;
}

/** Whether linkUrlOf() has found no key in the URL that it read. */
export function isKeyless(linkUrl: string): boolean {
  return KEYLESS.test(linkUrl);
}

function firstLinkIn(readings: readonly string[]): string | null {
  for (const reading of readings) {
    const link = linkIn(reading);
    if (link !== null) return link;
  }
  return null;
}

function linkIn(reading: string): string | null {
  const [, words = '', rest] = LINK.exec(reading.normalize('NFKC')) ?? [];
  if (rest === undefined) return null;
  const name = words.replace(NOT_LETTERS, '').toLowerCase();
  const action = name === 'secret' ? null : ACTION.exec(rest);
  const key = findLinkKey(rest.slice(0, action?.index));
  // Without a slash it is a link only if there is a key; else it may be any other path.
  if (key === null && !SLASH.test(rest)) return null;
  const end = action === null ? '' : `/${action[1]?.toLowerCase()}`;
  return `/${name}/${key ?? NO_KEY}${end}`;
}

/** A blank, a line break or a character without width between any two letters. */
function withBreaks(name: string): string {
  return name.split('').join(String.raw`[=\s\p{Cf}]*`);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
