import type { ProbeTarget } from './probe-request.js';

/** The target of a redirect. `kind` is a status of ProbeFacts, or `https` for a redirect to follow. */
export type Redirect =
  | { readonly kind: 'https'; readonly port: number; readonly path: string; readonly url: string }
  | {
      readonly kind: 'redirected' | 'redirect_loop' | 'redirect_bad_port';
      readonly url: string;
    };

/** Classifies a `Location` header by its text; makes no lookup and no connection. */
export function readRedirect(
  location: string,
  from: Pick<ProbeTarget, 'hostname' | 'port' | 'path' | 'isTls'>,
  allowedPorts: readonly number[],
): Redirect {
  const base = `${from.isTls ? 'https' : 'http'}://${from.hostname}:${from.port}${from.path}`;
  if (!URL.canParse(location, base)) return { kind: 'redirected', url: location };
  const url = new URL(location, base);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isWeb) return { kind: 'redirected', url: location };

  const isSecure = url.protocol === 'https:';
  const port = Number(url.port || (isSecure ? 443 : 80));
  if (!allowedPorts.includes(port)) return { kind: 'redirect_bad_port', url: url.href };
  if (url.hostname !== from.hostname) return { kind: 'redirected', url: url.href };
  if (isSecure && !from.isTls) {
    return { kind: 'https', port, path: `${url.pathname}${url.search}`, url: url.href };
  }
  // From HTTPS back to HTTP, which redirects to HTTPS again, or to the same URL.
  const isLoop = from.isTls || url.pathname === from.path;
  return { kind: isLoop ? 'redirect_loop' : 'redirected', url: url.href };
}
