import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CaaGate, RoutingGate, type RoutingVerdict } from '../certificates/gates.js';
import { lookupCaa } from '../dns/caa-lookup.js';
import { decideCaa, type CaaDecision } from '../dns/caa-policy.js';
import { claimFacts } from '../domains/claims/claim-facts.js';
import { observationRequest } from '../domains/claims/observation-request.js';
import { diagnose } from '../domains/diagnosis/diagnose.js';
import { DnsResolver } from '../dns/dns-resolver.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { ObservedFacts, ProbeFacts } from '../domains/domain-facts.js';
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
      .where('domain.hostname = :hostname and domain.removed_at is null', { hostname })
      // As in the index of proven names.
      .andWhere(`domain.ownership in ('verified', 'lapsed')`)
      .getRawAndEntities<{ is_fresh: boolean | null }>();
    const [claim] = entities;
    if (claim === undefined) return null;
    return { claim, fresh: raw[0]?.is_fresh === true ? claim.facts : null };
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
    const verdict = fresh === null ? null : this.#verdictOf(claim, fresh);
    // Only a yes: what kept the name back may just have been mended.
    if (verdict?.kind === 'pointed') return verdict;
    const request = observationRequest(claim, this.settings);
    return this.#verdictOf(claim, await this.observer.observe(request));
  }

  #verdictOf(claim: DomainEntity, observed: ObservedFacts): RoutingVerdict {
    const { routing } = diagnose(claimFacts(claim, this.settings, observed));
    if (routing === 'unknown') return { kind: 'unknown' };
    const { status } = observed.probe;
    if (routing === 'proxied' && status === 'ours')
      return { kind: 'pointed', challengeType: 'http-01' };
    if (routing !== 'pointed') return { kind: 'elsewhere', state: routing };
    const challengeType = UNREACHABLE.includes(status) ? 'tls-alpn-01' : 'http-01';
    return { kind: 'pointed', challengeType };
  }
}
