import { isApiPath } from '../api/api-path.js';
import { linkUrlOf } from '../pages/public/link-url.js';

const STRAY_PERCENT = /%(?![0-9a-f]{2})/gi;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;

/**
 * The URL as the router gets it. The URL of a link's page is repaired. Below `/api` doubled slashes and a slash at the
 * end are dropped, because base URLs that end in a slash are common. An escape that does not decode is itself escaped, so
 * that the route answers `/api/v1/secret/%zz`. Every other URL is unchanged, and so is the query.
 */
export function rewriteUrl(url: string): string {
  const linkUrl = linkUrlOf(url);
  if (linkUrl !== null) return linkUrl;
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const query = queryAt === -1 ? '' : url.slice(queryAt);
  const decodable = path.includes('%') ? escapeBrokenEscapes(path) : path;
  const canTidy = decodable.includes('//') || decodable.endsWith('/');
  return (canTidy && isApiPath(decodable) ? tidySlashes(decodable) : decodable) + query;
}

function tidySlashes(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}

function escapeBrokenEscapes(path: string): string {
  return path
    .replace(STRAY_PERCENT, '%25')
    .replace(ESCAPES, (escapes) => (decodes(escapes) ? escapes : escapes.replaceAll('%', '%25')));
}

function decodes(escapes: string): boolean {
  try {
    decodeURIComponent(escapes);
    return true;
  } catch {
    return false;
  }
}
