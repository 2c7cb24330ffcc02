import type { Domain } from '../domain.js';
import type { ObservationRequest } from '../domain-facts.js';
import { ingressSuffix, type DomainSettings } from '../domain-settings.js';

/** The part of a claim that decides its DNS records. */
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
  const others = fleet.filter((other) => other !== region);
  return {
    hostname,
    zone,
    relativeName: isApex ? '@' : hostname.slice(0, -zone.length - 1),
    isApex,
    expected: {
      target: `${claim.targetLabel}.${suffix}`,
      ingressAddresses: [...settings.ingressAddresses],
      ingressSuffix: suffix,
      otherIngressSuffixes: others.map((other) => ingressSuffix(other, baseDomain)),
      ownHosts: [`${region}.${baseDomain}`, baseDomain],
      otherHosts: others.map((other) => `${other}.${baseDomain}`),
      challengeName: `_onetime-challenge-${claim.challengeLabel}.${hostname}`,
      challengeValue: claim.challengeValue,
      needsCnameProof: claim.needsCnameProof,
    },
    cas: settings.cas,
  };
}
