import { findLinkKey } from '../../secrets/link-key.js';

const UNCHANGED = /^\/(?:secret|receipt|private)\/[0-9a-z]{31}$/;
/** The path of a link, decoded: blanks and characters without width may be anywhere. */
const LINK = /^[/\\\s\p{Cf}]+(secret|receipt|private)[\s\p{Cf}]*[/\\]+(.*\S.*)$/isu;
const ACTION = /\/(burn|value|created)[/\s\p{Cf}]*$/iu;
/** In place of what is no key: all of them get the same answer. */
const NO_KEY = '-';
const KEYLESS = /^\/(?:secret|receipt|private)\/-(?:[/?]|$)/;

/** The URL of a link's page as its route expects it, whatever was done to the link; null for every other URL. */
export function linkUrlOf(url: string): string | null {
  if (url.startsWith('/api/') || url === '/') return null;
  if (UNCHANGED.test(url)) return url;
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const [, name, rest] = LINK.exec(decoded(path).normalize('NFKC')) ?? [];
  if (name === undefined || rest === undefined) return null;
  const action = name.toLowerCase() === 'secret' ? null : ACTION.exec(rest);
  const key = findLinkKey(rest.slice(0, action?.index)) ?? NO_KEY;
  const end = action === null ? '' : `/${action[1]?.toLowerCase()}`;
  return `/${name.toLowerCase()}/${key}${end}${queryAt === -1 ? '' : url.slice(queryAt)}`;
}

/** Whether linkUrlOf() has found no key in the URL that it read. */
export function isKeyless(linkUrl: string): boolean {
  return KEYLESS.test(linkUrl);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
