import { isIPv6 } from 'node:net';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import type { DomainFacts } from '../domain-facts.js';
import { providerOf } from './dns-provider.js';
import { typesInTheWay } from './ownership-proof.js';

/** The name as a DNS panel shows it: relative to the zone, `@` for its apex, in full outside of the zone. */
export function panelName(fqdn: string, zone: string): string {
  const [name, top] = [normalisedName(fqdn), normalisedName(zone)];
  if (name === top) return '@';
  return top !== '' && isAtOrUnder(name, top) ? name.slice(0, -top.length - 1) : name;
}

/** `secrets (CNAME)`, `@ (A)`: the record that leads the name to this region. */
export function routingRecord(facts: DomainFacts): string {
  return `${panelName(facts.hostname, facts.zone)} (${takesAddresses(facts) ? 'A' : 'CNAME'})`;
}

/** The zone that has the name: the registrable domain, or a part of it that has name servers of its own. */
export function hostingZone({ zone, nameServersOf }: DomainFacts): string {
  return nameServersOf ?? zone;
}

/** No CNAME record can be made at the top of a zone: the name needs address records. */
export function takesAddresses(facts: DomainFacts): boolean {
  return facts.isApex || hostingZone(facts) === facts.hostname;
}

/** The instruction that leads the name to this region. */
export function pointingFix(facts: DomainFacts, zone = facts.zone): string {
  const name = panelName(facts.hostname, zone);
  if (!takesAddresses(facts))
    return `${makingRoom(facts)}Add a CNAME record ${name} with the value ${facts.expected.target}.`;
  const [first = '', ...more] = facts.expected.ingressAddresses;
  const type = isIPv6(first) ? 'AAAA' : 'A';
  const values = listed([first, ...more.filter((each) => isIPv6(each) === isIPv6(first))]);
  return `Add an ${type} record ${name} with the value ${values}.`;
}

/** No DNS provider accepts a CNAME record beside other records. */
function makingRoom(facts: DomainFacts): string {
  const types = typesInTheWay(facts);
  if (types.length === 0) return '';
  const name = panelName(facts.hostname, facts.zone);
  return `Remove the ${listed(types)} records at ${name}, because a CNAME record stands alone at its name. `;
}

/** Where records of the zone are made, for a record that was not found; empty if unknown. */
export function whereToMake(facts: DomainFacts): string {
  const { nameServers } = facts;
  if (nameServers.length === 0) return '';
  const provider = providerOf(nameServers);
  const who = provider === null ? listed(nameServers) : `${provider} (${listed(nameServers)})`;
  return ` The zone ${hostingZone(facts)} is served by ${who}: a record made anywhere else has no effect.`;
}

/** The same for a DNS panel. */
export function placeHint({ nameServers }: DomainFacts): string | null {
  if (nameServers.length === 0) return null;
  return `Make it at ${providerOf(nameServers) ?? `the provider of ${nameServers[0]}`}, which serves the zone.`;
}

/** `the A record 192.0.2.1`, `the A records 192.0.2.1 and 192.0.2.2`. */
export function namedRecords(type: string, values: readonly string[]): string {
  return values.length === 1
    ? `the ${type} record ${values[0]}`
    : `the ${type} records ${listed(values)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}
