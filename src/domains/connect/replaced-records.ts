import { valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import { normalisedName } from '../../dns/dns-name.js';
import { canonicalAddress } from '../../shared/ip-address.js';
import { matchesChallenge } from '../diagnosis/challenge-text.js';
import { panelName } from '../diagnosis/record-wording.js';
import type { DomainFacts } from '../domain-facts.js';
import type { ReplacedRecord } from '../domain-setup.js';

/**
 * What the DNS provider removes when it makes our records: a CNAME record stands alone at its name, address records
 * replace each other, and the value of the challenge is the only one at its name. Of the records that were seen.
 */
export function replacedRecords(facts: DomainFacts, zone: string): ReplacedRecord[] {
  return [...replacedByRoute(facts, zone), ...atChallenge(facts, zone)];
}

/** The same of the record alone that leads the name here. */
export function replacedByRoute(facts: DomainFacts, zone: string): ReplacedRecord[] {
  return facts.isApex ? atApex(facts, zone) : belowApex(facts, zone);
}

function belowApex(facts: DomainFacts, zone: string): ReplacedRecord[] {
  // What a wildcard record answers stays as it is.
  if (facts.wildcard) return [];
  const { hostname, expected, ownTypes } = facts;
  const [alias] = valuesOf(facts.cname).map(normalisedName);
  const own = (type: string, answer: DnsAnswer<string>) =>
    ownTypes.includes(type) ? record(hostname, zone, type, valuesOf(answer)) : [];
  // Behind an alias the addresses are those of another name.
  const here =
    alias === undefined
      ? [
          ...record(hostname, zone, 'A', valuesOf(facts.a)),
          ...record(hostname, zone, 'AAAA', valuesOf(facts.aaaa)),
        ]
      : record(hostname, zone, 'CNAME', alias === expected.target ? [] : [alias]);
  return [...here, ...own('MX', facts.mx), ...own('TXT', facts.txtAtName)];
}

function atApex(facts: DomainFacts, zone: string): ReplacedRecord[] {
  const { hostname, expected } = facts;
  const own = new Set(expected.ingressAddresses.map(canonicalAddress));
  const others = (answer: DnsAnswer<string>) =>
    valuesOf(answer).filter((address) => !own.has(canonicalAddress(address)));
  const [alias] = valuesOf(facts.cname).map(normalisedName);
  if (alias !== undefined) return record(hostname, zone, 'CNAME', [alias]);
  return [
    ...record(hostname, zone, 'A', others(facts.a)),
    ...record(hostname, zone, 'AAAA', others(facts.aaaa)),
  ];
}

function atChallenge(facts: DomainFacts, zone: string): ReplacedRecord[] {
  if (facts.txtWildcard) return [];
  const { challengeName, challengeValue } = facts.expected;
  const [alias] = facts.txtChain;
  if (alias !== undefined) return record(challengeName, zone, 'CNAME', [alias]);
  const others = valuesOf(facts.txt).filter((text) => !matchesChallenge(text, challengeValue));
  return record(challengeName, zone, 'TXT', others);
}

function record(
  name: string,
  zone: string,
  type: string,
  values: readonly string[],
): ReplacedRecord[] {
  return values.length === 0 ? [] : [{ name: panelName(name, zone), type, values }];
}
