import type { RelevantCaaSet } from './caa-record.js';
import { hasFailed, valuesOf } from './dns-answer.js';
import type { DnsLookup } from './dns-lookup.js';
import { readCaa, type QueryType } from './dns-message.js';
import { nameAndAncestors } from './dns-name.js';

/** The part of DnsResolver that lookupCaa() uses. */
export interface CaaSource {
  lookup(name: string, type: QueryType, signal?: AbortSignal): Promise<DnsLookup>;
}

/**
 * The CAA records that apply to `hostname`: those of the first name that has any, from `hostname` up to the top-level
 * domain, CNAME records followed (RFC 8659 section 3). A failed lookup below that name makes the result
 * `unanswerable`, as it does for a CA.
 */
export async function lookupCaa(
  source: CaaSource,
  hostname: string,
  signal?: AbortSignal,
): Promise<RelevantCaaSet> {
  const names = nameAndAncestors(hostname);
  const lookups = await Promise.all(names.map((name) => source.lookup(name, 'CAA', signal)));
  for (const [index, { answer, chain }] of lookups.entries()) {
    if (hasFailed(answer)) return { status: 'unanswerable', foundAt: null, records: [] };
    const records = valuesOf(answer).map(readCaa);
    const foundAt = chain.at(-1) ?? names[index] ?? null;
    if (records.length > 0) return { status: 'ok', foundAt, records };
  }
  return { status: 'ok', foundAt: null, records: [] };
}
