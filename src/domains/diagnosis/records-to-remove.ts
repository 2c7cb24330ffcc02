import { normalisedName } from '../../dns/dns-name.js';
import type { DomainFacts } from '../domain-facts.js';
import type { DnsRecordAdvice } from './diagnosis.js';
import { panelName } from './record-wording.js';

/** A record of a claim that has no use after its end. */
export interface UselessRecord {
  readonly fqdn: string;
  /** Relative to the zone; `@` for its apex. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** What was seen of the claim's own records at the last look. CAA records stay: they are about the zone. Pure. */
export function recordsToRemove(
  { delegation, expected, zone }: Pick<DomainFacts, 'delegation' | 'expected' | 'zone'>,
  records: readonly DnsRecordAdvice[],
): UselessRecord[] {
  const seen = records
    .filter(({ purpose }) => purpose === 'ownership' || purpose === 'routing')
    .flatMap(({ fqdn, name, type, desired, observed }) => {
      const wanted = desired.map(normalisedName);
      const values = observed.filter((value) => wanted.includes(normalisedName(value)));
      return values.length === 0 ? [] : [{ fqdn, name, type, values }];
    });
  if (delegation.state !== 'ready') return seen;
  const { name: fqdn, target } = expected.delegation;
  return [...seen, { fqdn, name: panelName(fqdn, zone), type: 'CNAME', values: [target] }];
}
