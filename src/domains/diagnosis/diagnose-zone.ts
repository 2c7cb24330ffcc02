import type { Issue } from './diagnosis.js';
import { diagnoseCname } from './diagnose-cname.js';
import { viewRouting } from './routing-view.js';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue } from './issue-catalogue.js';
import { providerOf } from './dns-provider.js';
import { viewProof } from './ownership-proof.js';
import { hostingZone, listed, panelName, pointingFix } from './record-wording.js';

/**
 * Issues of the whole zone and of our access to it. Such an issue explains every failed lookup, so the other functions
 * do not report those.
 */
export function diagnoseZone(facts: DomainFacts): Issue[] {
  const issues = [bogus, nxdomain, failing, unreachable].flatMap((check) => check(facts) ?? []);
  return [
    ...issues.slice(0, 1),
    ...(issues.length > 0 ? [] : delegated(facts)),
    ...disagreement(facts),
  ];
}

function bogus(facts: DomainFacts): Issue | null {
  if (!facts.dnssecBogus) return null;
  return issue('DNSSEC_BOGUS', {
    detail: `Resolvers that check signatures refuse every answer of ${facts.zone}, and so will the certificate authority.`,
    fix: `Correct the DS record of ${facts.zone} at your registrar, or remove it to switch DNSSEC off, then sign the zone anew.`,
    evidence: { zone: facts.zone },
  });
}

function nxdomain(facts: DomainFacts): Issue | null {
  const isAnswered = [facts.a, facts.aaaa, facts.cname, facts.txt].some(
    (answer) => answer.status === 'ok',
  );
  if (facts.zoneStatus !== 'nxdomain' || isAnswered) return null;
  return issue('ZONE_NXDOMAIN', {
    detail: `${facts.zone} is not registered, has expired, or has no name servers.`,
    fix: `Register or renew ${facts.zone}, and set its NS records at your registrar.`,
    evidence: { zone: facts.zone, status: 'nxdomain' },
  });
}

function failing(facts: DomainFacts): Issue | null {
  const statuses = [facts.a.status, facts.aaaa.status, facts.cname.status];
  const isFailing = statuses.some((status) => status === 'servfail' || status === 'refused');
  if (!isFailing || statuses.includes('ok')) return null;
  return issue('ZONE_SERVFAIL', {
    detail: `The name servers of ${facts.zone} answer look-ups of ${facts.hostname} with an error.`,
    fix: `Check that the NS records of ${facts.zone} name servers that hold the zone, then ask your DNS provider.`,
    evidence: { zone: facts.zone, a: facts.a.status, aaaa: facts.aaaa.status },
  });
}

function unreachable(facts: DomainFacts): Issue | null {
  // The failure is that of the name that the CNAME record leads to.
  if (diagnoseCname(facts, viewRouting(facts)) !== null) return null;
  const hasAddress = valuesOf(facts.a).length + valuesOf(facts.aaaa).length > 0;
  if (hasAddress || !(hasFailed(facts.a) || hasFailed(facts.aaaa))) return null;
  return issue('DNS_UNREACHABLE', {
    detail: `No name server answered in time for ${facts.hostname}. Nothing is concluded from that.`,
    fix: `Nothing to change yet: we look again. If it stays, check the NS records of ${facts.zone}.`,
    evidence: { a: facts.a.status, aaaa: facts.aaaa.status },
  });
}

/** A look-up that failed may have the record. */
function isAnyMissing(facts: DomainFacts): boolean {
  const { state } = viewRouting(facts);
  const leadsHere = state === 'pointed' || state === 'proxied' || state === 'unknown';
  return viewProof(facts).overall === 'absent' || !leadsHere;
}

/** The records that are missing belong into another zone than the registrable domain. */
function delegated(facts: DomainFacts): Issue[] {
  const { hostname, zone, expected, nameServers } = facts;
  const own = hostingZone(facts);
  if (own === zone || !isAnyMissing(facts)) return [];
  const provider = providerOf(nameServers);
  const who = provider === null ? listed(nameServers) : `${provider} (${listed(nameServers)})`;
  const txt = `Add a TXT record ${panelName(expected.challengeName, own)} with the value ${expected.challengeValue}.`;
  return [
    issue('DELEGATED_ZONE', {
      detail: `NS records in the zone ${zone} give ${own} to ${who}. Records for ${hostname} that are made in the zone ${zone} have no effect.`,
      fix: `Make the records in the zone ${own}, at ${provider ?? nameServers[0]}. ${txt} ${pointingFix(facts, own)} Or remove the NS records ${panelName(own, zone)} in the zone ${zone}, and make the records there.`,
      evidence: { zone: own, nameServers, provider },
    }),
  ];
}

function disagreement(facts: DomainFacts): Issue[] {
  if (!facts.disagreement) return [];
  return [
    issue('DNS_DISAGREEMENT', {
      detail: 'Some name servers still give an older answer: a change of the records is spreading.',
      fix: `Wait for the TTL of the records at ${facts.hostname} to pass; if it stays, check that all NS records of ${facts.zone} name servers with the same zone.`,
      evidence: { ttlSeconds: facts.a.status === 'ok' ? facts.a.ttlSeconds : null },
    }),
  ];
}
