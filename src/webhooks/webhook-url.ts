import { isIP } from 'node:net';
import { addressKind } from '../shared/ip-address.js';
import { parseHostname } from '../shared/hostname.js';
import type { NetworkList } from '../shared/network.js';

const LENGTH_MAX = 2000;
const HTTPS_PORT = 443;
const FIRST_FREE_PORT = 1024;

/** The host of a URL as an address or a name: without the brackets of IPv6 and the dot that ends a name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$|\.$/g, '');
}

/** `hooks.example.com:443`: what counts as one target. */
export function targetOf(url: URL): string {
  return `${hostOf(url)}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`;
}

/** Whether a request may be sent to the address. */
export function isAllowedAddress(address: string, privateTargets: NetworkList): boolean {
  return addressKind(address) === 'public' || privateTargets.contains(address);
}

/**
 * What is wrong with the text as the URL of a webhook, for its owner; null: nothing. A name is resolved and its addresses
 * are checked at each attempt.
 */
export function urlProblem(text: string, privateTargets: NetworkList): string | null {
  if (text.length > LENGTH_MAX) return `A URL has at most ${LENGTH_MAX} characters.`;
  if (/[\s\p{C}]/u.test(text) || !URL.canParse(text)) return 'This is not a URL.';
  // Numbers in every notation are a dotted address from here on.
  const url = new URL(text);
  const isPlain = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !(isPlain && !privateTargets.isEmpty))
    return 'A webhook has an https:// URL.';
  if (url.username !== '' || url.password !== '')
    return 'The URL may not have a user or a password.';
  if (url.hash !== '') return 'The URL may not have a fragment.';
  return hostProblem(url, isPlain, privateTargets);
}

function hostProblem(url: URL, isPlain: boolean, privateTargets: NetworkList): string | null {
  const host = hostOf(url);
  const isAddress = isIP(host) !== 0;
  const isPrivate = isAddress && privateTargets.contains(host);
  if (isPrivate) return null;
  if (isPlain) return 'A webhook has an https:// URL.';
  if (isAddress && !isAllowedAddress(host, privateTargets))
    return 'The address is not one of the public internet.';
  if (!isAddress && parseHostname(host) === null) return 'The host is not a public name.';
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT)
    return `The port is ${HTTPS_PORT}, or one from ${FIRST_FREE_PORT} on.`;
  return null;
}
