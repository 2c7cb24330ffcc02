import type { DnsAnswer } from '../../dns/dns-answer.js';
import type { Domain } from '../domain.js';
import {
  ACME_CHALLENGE_UNASKED,
  NOT_PROBED,
  type DomainFacts,
  type ObservationRequest,
  type ObservedFacts,
} from '../domain-facts.js';
import { delegationWindowEnd } from '../delegation.js';
import type { DomainSettings } from '../domain-settings.js';
import { observationRequest } from './observation-request.js';

/**
 * The facts of a claim for diagnose(): the observation, with the expected records and the ownership of the claim as
 * they are now. `certificate` and `setup` are null, and the pair counts as claimed: another room adds them.
 */
export function claimFacts(
  domain: Domain,
  settings: DomainSettings,
  observed: ObservedFacts | null,
): DomainFacts {
  const request = observationRequest(domain, settings);
  return {
    // An observation of an earlier version lacks newer fields.
    ...unobserved(request, domain.createdAt),
    ...observed,
    ...request,
    conflict: domain.ownership === 'conflict',
    delegation: delegationOf(domain),
    ownership: {
      state: domain.ownership,
      provenAt: domain.verifiedAt?.toISOString() ?? null,
      missingSince: domain.proofMissingSince?.toISOString() ?? null,
    },
    certificate: null,
    setup: null,
    isPairClaimed: true,
    hasUnnamedCa: settings.hasUnnamedCa === true,
    blocked:
      domain.blockedAt === null
        ? null
        : { since: domain.blockedAt.toISOString(), reason: domain.blockReason ?? '' },
  };
}

function delegationOf(domain: Domain): DomainFacts['delegation'] {
  return {
    state: domain.delegation,
    isPointed: domain.pointedAt !== null,
    windowEndsAt: delegationWindowEnd(domain)?.toISOString() ?? null,
  };
}

/** Before the first observation: nothing was asked, and nothing is concluded. */
function unobserved(request: ObservationRequest, at: Date): ObservedFacts {
  const nothing: DnsAnswer<string> = { status: 'unasked' };
  return {
    ...request,
    observedAt: at.toISOString(),
    a: nothing,
    aaaa: nothing,
    cname: nothing,
    cnameByServer: [],
    cnameFollowed: [],
    routingFoundAt: [],
    cnameSiblings: [],
    txt: nothing,
    txtByServer: [],
    txtChain: [],
    txtWildcard: false,
    txtFoundAt: [],
    txtDoubled: nothing,
    txtAtName: nothing,
    mx: nothing,
    ownTypes: [],
    nameServers: [],
    nameServersOf: null,
    caa: { status: 'ok', foundAt: null, records: [] },
    pairAddresses: nothing,
    pairChain: [],
    zoneStatus: 'unknown',
    wildcard: false,
    disagreement: false,
    dnssecBogus: false,
    clockSkewSeconds: null,
    probe: NOT_PROBED,
    acmeChallenge: ACME_CHALLENGE_UNASKED,
    persist: nothing,
  };
}
