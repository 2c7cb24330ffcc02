import type { IncomingHttpHeaders } from 'node:http';

/**
 * Trusts `Sec-Fetch-Site`, which only the browser sets. Without it, the `Origin` must be the request's own host or
 * `tenantOrigin`. A request with neither is refused: every browser sends one of them with a form's POST, and programs
 * use the API.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, tenantOrigin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  if (site === 'same-site' || site === 'cross-site') return false;
  const { origin } = headers;
  if (origin === undefined) return false;
  return origin === tenantOrigin || origin === originOfHost(headers);
}

function originOfHost(headers: IncomingHttpHeaders): string | null {
  const host = headers[':authority'] ?? headers.host;
  const url = typeof host === 'string' ? URL.parse(`https://${host}`) : null;
  return url?.origin ?? null;
}
