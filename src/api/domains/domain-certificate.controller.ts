import { Body, Delete, Param, Put } from '@nestjs/common';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { Account } from '../../accounts/account.js';
import { CertificatesService } from '../../certificates/certificates.service.js';
import type { UploadRefusal } from '../../certificates/uploads/uploaded-certificate.js';
import type { Domain } from '../../domains/domain.js';
import { DomainSettings } from '../../domains/domain-settings.js';
import { DomainsService } from '../../domains/domains.service.js';
import { isProven } from '../../domains/ownership.js';
import { AppError } from '../../shared/app-error.js';
import { Acting } from '../account/acting.decorator.js';
import { domainEnvelope } from './domain-envelopes.js';
import type { DomainAnswer } from './domain-answers.js';
import {
  certificateUploadSchema,
  extidSchema,
  type CertificateUploadRequest,
} from './domain-requests.js';
import { DomainRoutes } from './domain-routes.decorator.js';
import { DomainViews } from '../../setup/domain-views.js';
import { SignedIn } from './signed-in.decorator.js';

/** A certificate that the customer uploads, in place of one that the gateway obtains. */
@DomainRoutes()
export class DomainCertificateController {
  constructor(
    private readonly domains: DomainsService,
    private readonly certificates: CertificatesService,
    private readonly views: DomainViews,
    private readonly settings: DomainSettings,
  ) {}

  @Put(':id/certificate')
  async upload(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Body({ schema: certificateUploadSchema }) { private_key, chain }: CertificateUploadRequest,
    @Acting() { actor }: Grantor,
  ): Promise<DomainAnswer> {
    const domain = await this.#requireProven(account, extid);
    const { hostname, id: domainId, registrableDomain } = domain;
    const refusal = await this.certificates.upload(
      { hostname, domainId, registrableDomain },
      { privateKeyPem: private_key, chainPem: chain },
      actor,
    );
    if (refusal !== null) throw refused(refusal);
    return this.#show(account, domain);
  }

  /** Returns to certificates that the gateway obtains and renews. */
  @Delete(':id/certificate')
  async revert(
    @SignedIn() account: Account,
    @Param('id', { schema: extidSchema }) extid: string,
    @Acting() { actor }: Grantor,
  ): Promise<DomainAnswer> {
    const domain = await this.#requireProven(account, extid);
    await this.certificates.backToAcme(domain.hostname, actor);
    return this.#show(account, domain);
  }

  async #requireProven({ id }: Account, extid: string): Promise<Domain> {
    const domain = await this.domains.get(id, extid);
    if (isProven(domain)) return domain;
    throw new AppError(
      'invalid_request',
      'The domain is not proven yet: publish its TXT record and verify it first.',
      { field: 'id', reason: 'DOMAIN_NOT_VERIFIED' },
    );
  }

  async #show(account: Account, domain: Domain): Promise<DomainAnswer> {
    return domainEnvelope(account, await this.views.forOwner(domain, account), this.settings);
  }
}

function refused({ field, code, message }: UploadRefusal): AppError {
  const sent = field === 'certificate' ? 'chain' : field;
  return new AppError('invalid_request', message, { field: sent, reason: code });
}
