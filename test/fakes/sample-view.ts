import { NO_CERTIFICATE, type CertificateView } from '../../src/certificates/certificate-view.js';
import { diagnose } from '../../src/domains/diagnosis/diagnose.js';
import type { Domain } from '../../src/domains/domain.js';
import type { DomainFacts } from '../../src/domains/domain-facts.js';
import type { DomainView } from '../../src/setup/domain-view.js';
import { servingOf } from '../../src/setup/serving.js';
import { healthyFacts, NODATA } from './domain-facts.js';
import { aDomain } from './sample-domain.js';

const NOON = '2026-11-23T12:00:00.000Z';

export const A_CERTIFICATE: CertificateView = {
  ...NO_CERTIFICATE,
  state: 'active',
  ca: 'letsencrypt',
  serial: 'ab12',
  notBefore: new Date(NOON),
  promotedAt: new Date(NOON),
  notAfter: new Date('2027-01-07T12:00:00.000Z'),
  renewAfter: new Date('2026-12-23T12:34:56.000Z'),
  isServable: true,
};

/** A name that serves, with changes of the claim and of what was found. */
export function aView(
  changes: Partial<Domain> = {},
  observed: Partial<DomainFacts> = {},
  certificate: CertificateView = A_CERTIFICATE,
): DomainView {
  const domain = aDomain(changes);
  const facts = healthyFacts(observed);
  const serving = servingOf({ domain, certificate, plan: 'identity_plus', now: new Date(NOON) });
  const diagnosis = diagnose(facts);
  const none = { connect: null, links: null, transfer: null, move: null, otherName: null };
  return { domain, facts, diagnosis, certificate, serving, ...none };
}

/** A claim whose records are not made yet, with what was found. */
export function aPendingView(observed: Partial<DomainFacts> = {}): DomainView {
  const unproven = { ownership: 'pending', verifiedAt: null, proofMethod: null } as const;
  return aView(
    { ...unproven, routing: 'not_pointed', pointedAt: null },
    {
      a: NODATA,
      aaaa: NODATA,
      cname: NODATA,
      txt: NODATA,
      ownership: { state: 'pending', provenAt: null, missingSince: null },
      certificate: null,
      ...observed,
    },
    NO_CERTIFICATE,
  );
}
