import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  CaaGate,
  RoutingGate,
  type PermitsPersist,
  type PossibleChallenges,
  type RoutingVerdict,
} from '../certificates/gates.js';
import { lookupCaa } from '../dns/caa-lookup.js';
import { decideCaa, type CaaDecision } from '../dns/caa-policy.js';
import { claimFacts } from '../domains/claims/claim-facts.js';
import { observationRequest } from '../domains/claims/observation-request.js';
import { PERSIST_TYPE } from '../acme/acme-objects.js';
import type { ChallengeType } from '../acme/authorize-order.js';
import { inDelegationWindow, type DelegationState } from '../domains/delegation.js';
import { viewDelegation } from '../domains/diagnosis/delegation-view.js';
import { diagnose } from '../domains/diagnosis/diagnose.js';
import { decideSeenPersist, permittedAccounts } from '../domains/diagnosis/persist-view.js';
import { DnsResolver } from '../dns/dns-resolver.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { DomainFacts, ObservedFacts, ProbeFacts } from '../domains/domain-facts.js';
import type { RoutingState } from '../domains/routing.js';
import { DomainObserver } from '../domains/checks/domain-observer.js';
import { DomainSettings } from '../domains/domain-settings.js';
import { DomainEntity } from '../domains/domain.entity.js';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';

const CAA_DEADLINE = 6 * SECOND;
/** No connection to the port for plain HTTP was possible. */
const UNREACHABLE: readonly ProbeFacts['status'][] = ['timeout', 'refused', 'unreachable'];

/** A check of the domains room that is so recent serves the permit to order too. */
const FRESH_FOR = '15 seconds';

export interface ProvenClaim {
  readonly claim: DomainEntity;
  /** The observation of the last check; null: it is not fresh. By the clock of the database. */
  readonly fresh: ObservedFacts | null;
  /** A delegation is enough for a certificate: see DELEGATION_WINDOW_DAYS. */
  readonly isInWindow: boolean;
  /** The name moves here from another region, whose gateways send the CA on. */
  readonly isVouched: boolean;
}

interface Flags {
  readonly is_fresh: boolean | null;
  readonly is_in_window: boolean | null;
  readonly is_vouched: boolean | null;
}

/** The proven claim to a name, with its last observation if that is seconds old. */
@Injectable()
export class ProvenClaims {
  constructor(private readonly dataSource: DataSource) {}

  async find(hostname: Hostname): Promise<ProvenClaim | null> {
    const { entities, raw } = await this.dataSource
      .getRepository(DomainEntity)
      .createQueryBuilder('domain')
      .addSelect(`domain.checked_at > now() - interval '${FRESH_FOR}'`, 'is_fresh')
      // A name that led here at its last check has only just left.
      .addSelect(`domain.pointed_at is not null or ${inDelegationWindow('domain')}`, 'is_in_window')
      .addSelect('domain.vouched_until > now()', 'is_vouched')
      .where('domain.hostname = :hostname and domain.removed_at is null', { hostname })
      // As in the index of proven names.
      .andWhere(`domain.ownership in ('verified', 'lapsed')`)
      .getRawAndEntities<Flags>();
    const [claim] = entities;
    if (claim === undefined) return null;
    const [row] = raw;
    return {
      claim,
      fresh: row?.is_fresh === true ? claim.facts : null,
      isInWindow: row?.is_in_window === true,
      isVouched: row?.is_vouched === true,
    };
  }
}

/** The CAA records of a fresh observation, or else looked up now. */
@Injectable()
export class DnsCaaGate extends CaaGate {
  constructor(
    private readonly resolver: DnsResolver,
    private readonly claims: ProvenClaims,
  ) {
    super();
  }

  override async check(hostname: Hostname, ca: CaIdentity): Promise<CaaDecision> {
    const fresh = (await this.claims.find(hostname))?.fresh ?? null;
    const decision = fresh === null ? null : decideCaa(fresh.caa, ca);
    // Only a yes, as below.
    if (decision?.kind === 'permitted') return decision;
    const signal = AbortSignal.timeout(CAA_DEADLINE);
    return decideCaa(await lookupCaa(this.resolver, hostname, signal), ca);
  }
}

/** Observes a proven name as `verify` does, without storing the result; a fresh observation is used as it is. */
@Injectable()
export class DnsRoutingGate extends RoutingGate {
  constructor(
    private readonly claims: ProvenClaims,
    private readonly observer: DomainObserver,
    private readonly settings: DomainSettings,
  ) {
    super();
  }

  override async check(hostname: Hostname): Promise<RoutingVerdict> {
    const proven = await this.claims.find(hostname);
    if (proven === null) return { kind: 'elsewhere', state: 'not_claimed' };
    const { claim, fresh } = proven;
    const verdict = fresh === null ? null : this.#verdictOf(proven, fresh);
    // Only a yes: what kept the name back may just have been mended.
    if (verdict?.kind === 'pointed' || verdict?.kind === 'delegated') return verdict;
    const request = observationRequest(claim, this.settings);
    return this.#verdictOf(proven, await this.observer.observe(request));
  }

  #verdictOf(
    { claim, isInWindow, isVouched }: ProvenClaim,
    observed: ObservedFacts,
  ): RoutingVerdict {
    const facts = claimFacts(claim, this.settings, observed);
    const { routing } = diagnose(facts);
    const isSentOn = isVouched && isAnsweredElsewhere(routing, observed.probe);
    const routed = isSentOn ? SENT_ON : routedTypes(routing, observed.probe);
    const delegation = delegationOf(claim, facts);
    const isDelegated = delegation === 'ready' && facts.expected.delegation.isOffered;
    const persist = persistOf(facts);
    const byDns: ChallengeType[] = [...(isDelegated ? ['dns-01' as const] : []), ...persist.types];
    if (routed !== null) {
      const isUncertain = isUnanswered(facts);
      const challengeTypes = [...byDns, ...routed];
      return { kind: 'pointed', challengeTypes, isUncertain, ...persist.permit };
    }
    if (delegation !== 'ready' || !isInWindow)
      return routing === 'unknown' ? { kind: 'unknown' } : { kind: 'elsewhere', state: routing };
    // The world does not reach our name server, so a CA does not either.
    if (!isDelegated) return { kind: 'unknown' };
    return { kind: 'delegated', challengeTypes: byDns, isUncertain: false, ...persist.permit };
  }
}

/** A record for dns-persist-01 that permits one of our accounts. It makes no certificate wanted by itself. */
function persistOf(facts: DomainFacts): {
  readonly types: readonly ChallengeType[];
  readonly permit: Pick<PossibleChallenges, 'permitsPersist'>;
} {
  if (permittedAccounts(facts).length === 0) return { types: [], permit: {} };
  const permitsPersist: PermitsPersist = (account) =>
    decideSeenPersist(facts, account).kind === 'permitted';
  return { types: [PERSIST_TYPE], permit: { permitsPersist } };
}

/** A gateway of the region that the name comes from sends the CA on to us over HTTP alone. */
const SENT_ON: Exclude<ChallengeType, 'dns-01'>[] = ['http-01'];

/**
 * The other region's gateway answered the probe, or this process serves both regions. A private address is not probed:
 * there the name of that region's zone, to which the name leads, says it alone.
 */
function isAnsweredElsewhere(routing: RoutingState, { status }: ProbeFacts): boolean {
  return routing === 'wrong_region' && SENDING_ON.includes(status);
}

const SENDING_ON: readonly ProbeFacts['status'][] = ['other_region', 'ours', 'private_address'];

/** The challenges that come to the name itself; null: it does not lead here. */
function routedTypes(
  routing: RoutingState,
  { status }: ProbeFacts,
): Exclude<ChallengeType, 'dns-01'>[] | null {
  // A proxy ends the TLS connection, so a handshake would not come here.
  if (routing === 'proxied' && status === 'ours') return ['http-01'];
  if (routing !== 'pointed') return null;
  return UNREACHABLE.includes(status) ? ['tls-alpn-01'] : ['http-01', 'tls-alpn-01'];
}

/** A failed look-up changes nothing. */
function delegationOf(claim: DomainEntity, facts: DomainFacts): DelegationState {
  const { state } = viewDelegation(facts);
  return state === 'unknown' ? claim.delegation : state;
}

function isUnanswered(facts: DomainFacts): boolean {
  return facts.expected.delegation.isOffered && viewDelegation(facts).state === 'unknown';
}
