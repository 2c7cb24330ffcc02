/**
 * Escapes every `%` of a path that does not decode (`/api/v1/secret/%zz`), so that the router accepts it and the route
 * answers it. Returns every other URL unchanged.
 */
export function rewriteUrl(url: string): string {
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
