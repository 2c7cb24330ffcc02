import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { CaaGate, RoutingGate, type RoutingVerdict } from '../certificates/gates.js';
import { lookupCaa } from '../dns/caa-lookup.js';
import { decideCaa, type CaaDecision } from '../dns/caa-policy.js';
import { claimFacts } from '../domains/claims/claim-facts.js';
import { observationRequest } from '../domains/claims/observation-request.js';
import { diagnose } from '../domains/diagnosis/diagnose.js';
import { DnsResolver } from '../dns/dns-resolver.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { ProbeFacts } from '../domains/domain-facts.js';
import { DomainObserver } from '../domains/checks/domain-observer.js';
import { DomainSettings } from '../domains/domain-settings.js';
import { DomainEntity } from '../domains/domain.entity.js';
import { PROVEN_STATES } from '../domains/ownership.js';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';

const CAA_DEADLINE = 6 * SECOND;
/** No connection to the port for plain HTTP was possible. */
const UNREACHABLE: readonly ProbeFacts['status'][] = ['timeout', 'refused', 'unreachable'];

/** Looks up the CAA records now. */
@Injectable()
export class DnsCaaGate extends CaaGate {
  constructor(private readonly resolver: DnsResolver) {
    super();
  }

  override async check(hostname: Hostname, ca: CaIdentity): Promise<CaaDecision> {
    const signal = AbortSignal.timeout(CAA_DEADLINE);
    return decideCaa(await lookupCaa(this.resolver, hostname, signal), ca);
  }
}

/** Observes a proven name as `verify` does, without storing the result. */
@Injectable()
export class DnsRoutingGate extends RoutingGate {
  constructor(
    private readonly dataSource: DataSource,
    private readonly observer: DomainObserver,
    private readonly settings: DomainSettings,
  ) {
    super();
  }

  override async check(hostname: Hostname): Promise<RoutingVerdict> {
    const claim = await this.dataSource.getRepository(DomainEntity).findOneBy({
      hostname,
      ownership: In(PROVEN_STATES),
      removedAt: IsNull(),
    });
    if (claim === null) return { kind: 'elsewhere', state: 'not_claimed' };
    const observed = await this.observer.observe(observationRequest(claim, this.settings));
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
