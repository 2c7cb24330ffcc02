import type { CaIdentity } from '../../dns/caa-record.js';
import type { Domain } from '../domain.js';
import type { ObservationRequest } from '../domain-facts.js';
import { otherOfPair } from '../domain-name.js';
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
  | 'delegation'
>;

const ACME_CHALLENGE = '_acme-challenge';

export function observationRequest(
  claim: ClaimedName,
  settings: DomainSettings,
): ObservationRequest {
  const { hostname, registrableDomain: zone, isApex } = claim;
  const { region, baseDomain, fleet, delegation } = settings;
  const isOffered = delegation.isOffered();
  const suffix = ingressSuffix(region, baseDomain);
  const others = fleet.filter((other) => other !== region);
  return {
    hostname,
    zone,
    relativeName: isApex ? '@' : hostname.slice(0, -zone.length - 1),
    isApex,
    pairName: otherOfPair(claim),
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
      delegation: {
        name: `${ACME_CHALLENGE}.${hostname}`,
        target: `${claim.targetLabel}.${delegation.zone}`,
        isOffered,
      },
    },
    cas: isOffered && claim.delegation === 'ready' ? settings.cas : settings.cas.map(withoutDns),
  };
}

/** Nobody can answer dns-01 at a name whose challenges do not lead to us. */
function withoutDns(ca: CaIdentity): CaIdentity {
  return { ...ca, methods: ca.methods.filter((method) => method !== 'dns-01') };
}
