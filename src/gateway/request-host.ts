import type { IncomingMessage } from 'node:http';
import type { Hostname } from '../shared/hostname.js';
import type { NetworkList } from '../shared/network.js';
import { parseAuthority } from '../tenancy/authority.js';

/** What a request says about the host that it is for. */
export interface RequestHost {
  readonly hostname: Hostname;
  /** A trusted proxy named the host: the connection's SNI is the proxy's own affair. */
  readonly isForwarded: boolean;
}

/**
 * The host that a request is for, or null when it says none, several, or no name at all (RFC 9112 §3.2: answer 400).
 * Forwarded names count only from a trusted proxy, and only if there is exactly one.
 */
export function requestHostOf(
  request: IncomingMessage,
  trustedProxies: NetworkList,
): RequestHost | null {
  const direct = directHost(request);
  if (direct === null || trustedProxies.isEmpty) return direct === null ? null : asDirect(direct);
  if (!trustedProxies.contains(request.socket.remoteAddress ?? '')) return asDirect(direct);
  const forwarded = request.headers['x-forwarded-host'];
  if (forwarded === undefined) return asDirect(direct);
  const hostname = typeof forwarded === 'string' ? parseAuthority(forwarded.trim()) : null;
  return hostname === null ? null : { hostname, isForwarded: true };
}

const asDirect = (hostname: Hostname): RequestHost => ({ hostname, isForwarded: false });

function directHost(request: IncomingMessage): Hostname | null {
  const { host } = request.headers;
  const authority = request.headers[':authority'] as string | undefined;
  const stated = authority ?? host;
  if (stated === undefined || hostHeaders(request) > 1) return null;
  const hostname = parseAuthority(asText(stated));
  if (hostname === null) return null;
  if (authority !== undefined && host !== undefined && parseAuthority(asText(host)) !== hostname)
    return null;
  return targetAgrees(request.url ?? '/', hostname) ? hostname : null;
}

/** Node hands header bytes over one character each; beyond ASCII, a host name is in UTF-8. */
function asText(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
}

function hostHeaders({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** RFC 9112 §3.2.2: a target in absolute form names a host too, and it must be the same one. */
function targetAgrees(target: string, hostname: Hostname): boolean {
  if (target.startsWith('/') || target === '*') return true;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority !== undefined && parseAuthority(authority) === hostname;
}

/** The target's path and query, whatever form it came in (RFC 9112 §3.2): below here nobody looks at its host again. */
export function originForm(target: string): string {
  const [, rest] = /^https?:\/\/[^/?#]*(.*)$/is.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The client's address: the socket's, or behind trusted proxies the last address that they did not add themselves. */
export function clientAddressOf(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
  trustedProxies: NetworkList,
): string {
  const peer = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  if (trustedProxies.isEmpty || forwarded === undefined || !trustedProxies.contains(peer))
    return peer;
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)
    .split(',')
    .map((hop) => hop.trim());
  return hops.findLast((hop) => !trustedProxies.contains(hop)) ?? hops[0] ?? peer;
}

/** Whether a trusted proxy says that the client came over HTTPS. */
export function isForwardedHttps(request: IncomingMessage, trustedProxies: NetworkList): boolean {
  return (
    request.headers['x-forwarded-proto'] === 'https' &&
    trustedProxies.contains(request.socket.remoteAddress ?? '')
  );
}
