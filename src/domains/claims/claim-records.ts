import type { Domain } from '../domain.js';
import type { DnsAnswer } from '../../dns/dns-answer.js';
import type { DomainFacts, ObservedFacts } from '../domain-facts.js';
import type { ObservationRequest } from '../domain-facts.js';
import { ingressSuffix, type DomainSettings } from '../domain-settings.js';

/** As much of a claim as its records are made of. */
export type ClaimedName = Pick<
  Domain,
  | 'hostname'
  | 'registrableDomain'
  | 'isApex'
  | 'targetLabel'
  | 'challengeLabel'
  | 'challengeValue'
  | 'needsCnameProof'
>;

export function observationRequest(
  claim: ClaimedName,
  settings: DomainSettings,
): ObservationRequest {
  const { hostname, registrableDomain: zone, isApex } = claim;
  const { region, baseDomain, fleet } = settings;
  const suffix = ingressSuffix(region, baseDomain);
  return {
    hostname,
    zone,
    relativeName: isApex ? '@' : hostname.slice(0, -zone.length - 1),
    isApex,
    expected: {
      target: `${claim.targetLabel}.${suffix}`,
      ingressAddresses: [...settings.ingressAddresses],
      ingressSuffix: suffix,
      otherIngressSuffixes: fleet
        .filter((other) => other !== region)
        .map((other) => ingressSuffix(other, baseDomain)),
      challengeName: `_onetime-challenge-${claim.challengeLabel}.${hostname}`,
      challengeValue: claim.challengeValue,
      needsCnameProof: claim.needsCnameProof,
    },
    cas: settings.cas,
  };
}

/**
 * All that this room knows of a claim, for diagnose(): what was observed, and the claim's own side as it is today. What is known of its certificate is for others to add.
 */
export function factsOf(
  domain: Domain,
  settings: DomainSettings,
  observed: ObservedFacts | null,
): DomainFacts {
  const request = observationRequest(domain, settings);
  return {
    ...(observed ?? unobserved(request, domain.createdAt)),
    ...request,
    cas: [...request.cas],
    conflict: domain.ownership === 'conflict',
    ownership: {
      state: domain.ownership,
      provenAt: domain.verifiedAt?.toISOString() ?? null,
      missingSince: domain.proofMissingSince?.toISOString() ?? null,
    },
    certificate: null,
  };
}

/** Before the first look: as if the zone were empty, so that every record is still to be made. */
function unobserved(request: ObservationRequest, at: Date): ObservedFacts {
  const nothing: DnsAnswer<string> = { status: 'nodata' };
  return {
    ...request,
    observedAt: at.toISOString(),
    a: nothing,
    aaaa: nothing,
    cname: nothing,
    cnameSiblings: [],
    txt: nothing,
    txtDoubled: nothing,
    txtAtName: nothing,
    caa: { status: 'ok', foundAt: null, records: [] },
    cas: [...request.cas],
    zoneStatus: 'unknown',
    wildcard: false,
    disagreement: false,
    dnssecBogus: false,
    clockSkewSeconds: null,
    probe: {
      status: 'not_tried',
      address: null,
      httpStatus: null,
      location: null,
      server: null,
      viaHttps: false,
    },
  };
}
