import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Hostname } from '../shared/hostname.js';
import type { NetworkList } from '../shared/network.js';
import { isTrustedProxy, peerAddressOf } from './client-address.js';
import { parseAuthority } from '../tenancy/authority.js';

/** The host that a request names. */
export interface RequestHost {
  readonly hostname: Hostname;
  /** The host comes from a trusted proxy's header. The SNI is then that of the proxy's connection and is not compared. */
  readonly isForwarded: boolean;
}

/**
 * The host of a request, or null for no host, several hosts or an invalid name (answered with 400, RFC 9112 section 3.2).
 * X-Forwarded-Host counts only from a trusted proxy and only if it holds exactly one name.
 */
export function requestHostOf(
  request: IncomingMessage,
  trustedProxies: NetworkList,
): RequestHost | null {
  const direct = directHost(request);
  if (direct === null || trustedProxies.isEmpty) return direct === null ? null : asDirect(direct);
  if (!isTrustedProxy(request.socket, trustedProxies)) return asDirect(direct);
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

/** Node decodes header bytes as Latin-1. A host name that is not ASCII is UTF-8. */
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

/** A target in absolute form (RFC 9112 section 3.2.2) must name the same host. */
function targetAgrees(target: string, hostname: Hostname): boolean {
  if (target.startsWith('/') || target === '*') return true;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority !== undefined && parseAuthority(authority) === hostname;
}

/** The path and query of a target in origin or absolute form (RFC 9112 section 3.2). Other forms are returned unchanged. */
export function originForm(target: string): string {
  const [, rest] = /^https?:\/\/[^/?#]*(.*)$/is.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The peer's address, or the one of its PROXY header; behind trusted proxies, the last address in X-Forwarded-For that is not a trusted proxy. */
export function clientAddressOf(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
  trustedProxies: NetworkList,
): string {
  const peer = peerAddressOf(request.socket);
  const forwarded = request.headers['x-forwarded-for'];
  if (forwarded === undefined || !isTrustedProxy(request.socket, trustedProxies)) return peer;
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)
    .split(',')
    .map((hop) => hop.trim())
    // Empty elements of a list count for nothing (RFC 9110 section 5.6.1).
    .filter((hop) => hop !== '')
    .map(addressOfHop);
  return hops.findLast((hop) => !trustedProxies.contains(hop)) ?? hops[0] ?? peer;
}

/**
 * `203.0.113.9:4711`, `[2001:db8::1]:4711` and `"[2001:db8::1]"`, as proxies write them, without port, brackets and
 * quotes. What is no address is `unknown`: an earlier hop, which the client may have written, is not asked.
 */
function addressOfHop(hop: string): string {
  const [, quoted] = /^"(.*)"$/.exec(hop) ?? [];
  const [, bracketed, dotted] =
    /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(quoted ?? hop) ?? [];
  const address = bracketed ?? dotted ?? quoted ?? hop;
  return isIP(address) === 0 ? 'unknown' : address;
}

/** Whether a trusted proxy says that the client came over HTTPS. */
export function isForwardedHttps(request: IncomingMessage, trustedProxies: NetworkList): boolean {
  if (!isTrustedProxy(request.socket, trustedProxies)) return false;
  const protocols = [request.headers['x-forwarded-proto'] ?? ''].flat().join(',').split(',');
  // A scheme has no letter case (RFC 3986 section 3.1). Each proxy of a chain may have added its own.
  return protocols.every((protocol) => protocol.trim().toLowerCase() === 'https');
}
