import type { RelevantCaaSet } from './caa-record.js';
import type { DnsLookup } from './dns-finding.js';
import { readCaa, type QueryType } from './dns-message.js';
import { hasFailed, valuesOf } from './dns-answer.js';

/** The one thing that the climb needs of a resolver. */
export interface CaaSource {
  lookup(name: string, type: QueryType, signal?: AbortSignal): Promise<DnsLookup>;
}

/**
 * The CAA records that hold for `hostname`: those of the first name, from it up to the top-level domain,
 * that has any, CNAMEs followed (RFC 8659 section 3). A failure further down than the first
 * records leaves it open, as it does for a CA.
 */
export async function lookupCaa(
  source: CaaSource,
  hostname: string,
  signal?: AbortSignal,
): Promise<RelevantCaaSet> {
  const labels = hostname.split('.');
  const names = labels.map((_, index) => labels.slice(index).join('.'));
  const lookups = await Promise.all(names.map((name) => source.lookup(name, 'CAA', signal)));
  for (const [index, { answer, chain }] of lookups.entries()) {
    if (hasFailed(answer)) return { status: 'unanswerable', foundAt: null, records: [] };
    const records = valuesOf(answer).map(readCaa);
    const foundAt = chain.at(-1) ?? names[index] ?? null;
    if (records.length > 0) return { status: 'ok', foundAt, records };
  }
  return { status: 'ok', foundAt: null, records: [] };
}
