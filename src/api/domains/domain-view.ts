import type { CertificateView } from '../../certificates/certificate-view.js';
import type { Diagnosis } from '../../domains/diagnosis/diagnosis.js';
import type { Domain } from '../../domains/domain.js';
import type { DomainFacts } from '../../domains/domain-facts.js';
import type { Serving } from './serving.js';

/** Everything an answer about one domain is made of. */
export interface DomainView {
  readonly domain: Domain;
  readonly facts: DomainFacts;
  readonly diagnosis: Diagnosis;
  /** As if there were none before the name is proven: until then it may be another account's. */
  readonly certificate: CertificateView;
  readonly serving: Serving;
}
