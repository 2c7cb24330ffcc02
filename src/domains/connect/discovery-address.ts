import { isAtOrUnder } from '../../dns/dns-name.js';
import type { Hostname } from '../../shared/hostname.js';

/** Where a DNS provider answers for Domain Connect: always https on port 443. */
export interface ProviderAddress {
  readonly host: string;
  /** Empty, or `/a/b`. */
  readonly path: string;
}

const LENGTH_MAX = 300;
// At least two labels, letters and digits only, and no last label that begins with a digit: never an IP address.
const HOST =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;
const HTTPS = 'https://';

/**
 * The value of a TXT record at `_domainconnect.<zone>`: a host, with a path or without. Null for everything else: a
 * wildcard record answers there with anything at all, and whoever owns the zone writes it.
 * @param baseDomain no provider is at it or below: nothing leads our requests to ourselves
 */
export function parseDiscoveryValue(text: string, baseDomain: Hostname): ProviderAddress | null {
  if (text.length > LENGTH_MAX) return null;
  const [host = '', ...segments] = text.trim().replace(/\/$/, '').split('/');
  const name = host.toLowerCase();
  if (!HOST.test(name) || isAtOrUnder(name, baseDomain)) return null;
  if (!segments.every((segment) => SEGMENT.test(segment))) return null;
  return { host: name, path: segments.map((segment) => `/${segment}`).join('') };
}

/** An address in a provider's settings: https, by the same rules; no port, user, query or fragment. */
export function parseProviderUrl(text: string, baseDomain: Hostname): ProviderAddress | null {
  const rest = afterHttps(text);
  return rest === null ? null : parseDiscoveryValue(rest, baseDomain);
}

export function urlOf({ host, path }: ProviderAddress): string {
  return `${HTTPS}${host}${path}`;
}

// Everything that a URL may have after its host, except what ends an attribute or a header.
const PANEL_REST = /^[/?#][\w.~!$&'()*+,;=:@/?#%-]*$/;

/** The address of a provider's panel, for a link: `%domain%` stands for the zone. It may have a query. */
export function parsePanelUrl(text: string, zone: string, baseDomain: Hostname): string | null {
  const rest = afterHttps(text.replaceAll(/%domain%/gi, zone));
  if (rest === null || rest.length > LENGTH_MAX) return null;
  const end = rest.search(/[/?#]/);
  const host = (end < 0 ? rest : rest.slice(0, end)).toLowerCase();
  const after = end < 0 ? '' : rest.slice(end);
  if (!HOST.test(host) || isAtOrUnder(host, baseDomain)) return null;
  return after === '' || PANEL_REST.test(after) ? `${HTTPS}${host}${after}` : null;
}

function afterHttps(text: string): string | null {
  const isHttps = text.slice(0, HTTPS.length).toLowerCase() === HTTPS;
  return isHttps ? text.slice(HTTPS.length) : null;
}
