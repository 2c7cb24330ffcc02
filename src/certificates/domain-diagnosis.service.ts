import { Injectable } from '@nestjs/common';
import { ClockWatch } from '../database/clock-watch.js';
import { AllDomainsStore } from '../domains/claims/all-domains.store.js';
import { claimFacts } from '../domains/claims/claim-facts.js';
import { diagnose } from '../domains/diagnosis/diagnose.js';
import type { Diagnosis } from '../domains/diagnosis/diagnosis.js';
import type { Domain } from '../domains/domain.js';
import { DomainSettings } from '../domains/domain-settings.js';
import { isProven } from '../domains/ownership.js';
import { Clock } from '../shared/clock.js';
import { certificateFacts } from './certificate-facts.js';
import { NO_CERTIFICATE } from './certificate-view.js';
import { CertificateViewStore } from './stores/certificate-view.store.js';

/** What is wrong with a domain, by its last check and its certificate, as its owner sees it. */
@Injectable()
export class DomainDiagnosisService {
  constructor(
    private readonly settings: DomainSettings,
    private readonly domains: AllDomainsStore,
    private readonly certificates: CertificateViewStore,
    private readonly clock: Clock,
    private readonly clocks: ClockWatch,
  ) {}

  async of(domain: Domain): Promise<Diagnosis> {
    const { hostname } = domain;
    // Until a claim is proven, the name's certificate may be another account's.
    const views = await this.certificates.find(isProven(domain) ? [hostname] : []);
    const certificate = views.get(hostname) ?? NO_CERTIFICATE;
    const facts = claimFacts(domain, this.settings, domain.facts);
    return diagnose({
      ...facts,
      isPairClaimed: await this.domains.isPairClaimed(domain),
      // A command asks no CA who it is: the last check knew.
      cas: facts.cas.length > 0 ? facts.cas : (domain.facts?.cas ?? []),
      clockSkewSeconds: this.clocks.worstSeconds,
      certificate: certificateFacts(certificate, this.clock.now()),
    });
  }
}
