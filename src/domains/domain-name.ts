import { isIP } from 'node:net';
import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';
import { isAtOrUnder } from '../dns/dns-name.js';
import { parseHostname, type Hostname } from '../shared/hostname.js';

/** A name that may be claimed, and its registrable domain (the zone) by the public suffix list. */
export interface DomainName {
  readonly hostname: Hostname;
  /** With U-labels (RFC 5890), for people. */
  readonly displayName: string;
  readonly registrableDomain: string;
  /** The name is the apex of its zone. */
  readonly isApex: boolean;
}

/** `secrets`, `example`, `co.uk`; `trd` is empty at the apex. */
export interface NameParts {
  readonly trd: string;
  readonly sld: string;
  readonly tld: string;
}

export type NameRefusalCode = 'DOMAIN_INVALID' | 'PUBLIC_SUFFIX' | 'RESERVED_NAME' | 'IDN_INVALID';

/** Why no account can claim the name. `message` tells the customer what to enter. */
export interface NameRefusal {
  readonly code: NameRefusalCode;
  readonly message: string;
}

export interface NameRules {
  readonly baseDomain: Hostname;
  /** Lets `.localhost`, `.test` and `.example` be custom domains. */
  readonly allowsReservedTlds: boolean;
}

export type ParsedDomainName =
  | { readonly ok: true; readonly name: DomainName }
  | { readonly ok: false; readonly refusal: NameRefusal };

const LABELS_MAX = 10;
// The challenge name is 27 characters longer, and a DNS name has at most 253.
const LENGTH_MAX = 226;
const RESERVED_TLDS = new Set(['localhost', 'test', 'example']);
// Not resolved by public DNS, although some are on the public suffix list.
const UNROUTABLE_TLDS = new Set(['arpa', 'onion', 'local', 'internal', 'invalid', 'alt']);

/** Parses what a customer typed. Ownership is decided later, by proof. */
export function parseDomainName(text: string, rules: NameRules): ParsedDomainName {
  const typed = text.trim();
  const bad = findBadSyntax(typed);
  if (bad !== null) return refused('DOMAIN_INVALID', bad);

  const hostname = parseHostname(typed);
  if (hostname === null) return refuseUnreadable(typed);
  if (hostname.split('.').length > LABELS_MAX || hostname.length > LENGTH_MAX)
    return refused(
      'DOMAIN_INVALID',
      `The name is too long: at most ${LENGTH_MAX} characters and ${LABELS_MAX} labels.`,
    );
  if (isAtOrUnder(hostname, rules.baseDomain))
    return refused('RESERVED_NAME', 'This domain overlaps with the default site domain.');
  return parseZone(hostname, rules);
}

function findBadSyntax(typed: string): string | null {
  if (typed === '') return 'Please enter a domain.';
  if (isIP(typed.replace(/^\[|\]$/g, '')) !== 0)
    return 'An IP address cannot be a custom domain: enter a host name.';
  if (typed.includes('_')) return 'A host name has no underscores.';
  if (/[/:@?#*\s]/.test(typed))
    return 'Enter the host name only, such as secrets.example.com, without https://, port, path or wildcard.';
  return null;
}

function refuseUnreadable(typed: string): ParsedDomainName {
  const isInternational = /[^\0-\x7f]|xn--/i.test(typed);
  return isInternational
    ? refused('IDN_INVALID', 'The international name has characters that DNS does not allow.')
    : refused('DOMAIN_INVALID', 'That is not a host name: enter one such as secrets.example.com.');
}

function parseZone(hostname: Hostname, rules: NameRules): ParsedDomainName {
  const parts = parse(hostname, { allowPrivateDomains: true });
  const lastLabel = hostname.slice(hostname.lastIndexOf('.') + 1);
  if (RESERVED_TLDS.has(lastLabel) ? !rules.allowsReservedTlds : UNROUTABLE_TLDS.has(lastLabel))
    return refused('RESERVED_NAME', `Names under .${lastLabel} are not on the public internet.`);
  const { domain } = parts;
  if (domain === null)
    return refused(
      'PUBLIC_SUFFIX',
      'Not a valid public domain: it is a suffix under which others register names. Enter one of yours under it.',
    );
  if (parts.isIcann !== true && parts.isPrivate !== true && !RESERVED_TLDS.has(lastLabel))
    return refused('DOMAIN_INVALID', `Not a valid public domain: there is no .${lastLabel}.`);

  const displayName = displayNameOf(hostname);
  const isApex = hostname === domain;
  return { ok: true, name: { hostname, displayName, registrableDomain: domain, isApex } };
}

/** As people write it: `bücher.example` for `xn--bcher-kva.example`. */
export function displayNameOf(hostname: string): string {
  return domainToUnicode(hostname);
}

export type PairMember = Pick<DomainName, 'hostname' | 'registrableDomain' | 'isApex'>;

/** The other name of the pair: `www.example.com` for the apex `example.com`, and the apex for that; null for every other name. */
export function otherOfPair({ hostname, registrableDomain, isApex }: PairMember): Hostname | null {
  const www = `www.${registrableDomain}` as Hostname;
  if (isApex) return www;
  return hostname === www ? (registrableDomain as Hostname) : null;
}

/** The parts of a name as the API shows them. */
export function namePartsOf(name: Pick<DomainName, 'hostname' | 'registrableDomain'>): NameParts {
  const { hostname, registrableDomain } = name;
  const dot = registrableDomain.indexOf('.');
  return {
    trd: hostname.slice(0, Math.max(0, hostname.length - registrableDomain.length - 1)),
    sld: registrableDomain.slice(0, dot),
    tld: registrableDomain.slice(dot + 1),
  };
}

function refused(code: NameRefusalCode, message: string): ParsedDomainName {
  return { ok: false, refusal: { code, message } };
}
