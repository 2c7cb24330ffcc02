import { hasFailed } from '../../dns/dns-answer.js';
import type { DnsLookup } from '../../dns/dns-lookup.js';
import { nameAndAncestors } from '../../dns/dns-name.js';
import type { QueryType } from '../../dns/dns-message.js';

export type Ask = (name: string, type: QueryType) => Promise<DnsLookup>;

/** `unknown`: a look-up failed; nothing may be concluded. */
export type ZoneCut =
  { readonly state: 'found'; readonly zone: string } | { readonly state: 'none' | 'unknown' };

/**
 * The zone that has the records of a name below its apex: the first name above it, up to the registrable domain, that
 * answers SOA for itself. The name itself is not asked: through its CNAME record, the SOA of somebody else's zone answers.
 */
export async function findZone(
  hostname: string,
  registrableDomain: string,
  ask: Ask,
): Promise<ZoneCut> {
  const above = nameAndAncestors(hostname).slice(1);
  const candidates = above.slice(0, above.indexOf(registrableDomain) + 1);
  for (const name of candidates) {
    const { answer, chain } = await ask(name, 'SOA');
    if (answer.status === 'ok' && chain.length === 0) return { state: 'found', zone: name };
    if (hasFailed(answer)) return { state: 'unknown' };
  }
  return { state: 'none' };
}
