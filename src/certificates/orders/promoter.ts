import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../shared/clock.js';
import { localProblem } from '../../acme/acme-problem.js';
import { checkIssuedChain } from '../../acme/issued-chain.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';
import { CertificateStore } from '../stores/certificate.store.js';
import type { LeaseKey } from '../issuance.js';
import type { Issuer } from '../issuers/issuer.js';
import { renewalInstant, urgentInstant } from '../renewal-schedule.js';

/** Checks a certificate and makes it current. No issued certificate becomes current without these checks. */
@Injectable()
export class Promoter {
  constructor(
    private readonly certificates: CertificateStore,
    private readonly clock: Clock,
  ) {}

  /** @throws AcmeProblem `certificate_*` when it must not be served; LeaseLostError when another process has the name */
  async promote(lease: LeaseKey, issuer: Issuer, certificate: IssuedCertificate): Promise<void> {
    const now = this.clock.now();
    const issued = requireServable({ ...certificate, hostname: lease.hostname }, issuer, now);
    const { notBefore, notAfter } = issued;
    const lifetime = { from: now > notBefore ? now : notBefore, notAfter };
    await this.certificates.promote(lease, {
      issued,
      source: issuer.source,
      ca: issuer.name,
      profile: issuer.profile,
      renewAt: renewalInstant(lifetime, Math.random),
      urgentAt: urgentInstant(lifetime),
      hasAri: issuer.source === 'acme',
    });
  }
}

function requireServable(
  certificate: IssuedCertificate,
  issuer: Issuer,
  now: Date,
): IssuedCertificate {
  if (issuer.source === 'acme') return checkIssuedChain(certificate, now);
  // The local authority signs with its root, so the chain is one certificate.
  const leaf = new X509Certificate(certificate.chainPem);
  if (!leaf.checkPrivateKey(createPrivateKey(certificate.privateKeyPem))) {
    throw localProblem('certificate_wrong_key', 'the certificate is for another key');
  }
  createSecureContext({ key: certificate.privateKeyPem, cert: certificate.chainPem });
  return certificate;
}
