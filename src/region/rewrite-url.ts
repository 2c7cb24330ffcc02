import { linkUrlOf } from '../pages/link-url.js';

/**
 * Repairs the URL of a link's page. In other paths that do not decode (`/api/v1/secret/%zz`) it escapes every `%`, so
 * that the router accepts them and the route answers. Returns every other URL unchanged.
 */
export function rewriteUrl(url: string): string {
  const linkUrl = linkUrlOf(url);
  if (linkUrl !== null) return linkUrl;
  if (!url.includes('%')) return url;
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll('%', '%25') + (queryAt === -1 ? '' : url.slice(queryAt));
  }
}
