import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../accounts/account.js';
import { DomainImages } from '../../brand/images/domain-images.js';
import { CertificatesService } from '../../certificates/certificates.service.js';
import { DomainExport } from '../../domains/claims/domain-export.js';
import { isProven } from '../../domains/ownership.js';
import { presentCertificate } from '../domains/certificate-presenter.js';
import { toSnakeCase } from '../domains/snake-case.js';
import { snakeCased, type ExportSection } from './export-section.js';

/** What is kept about the domains of an account. */
@Injectable()
export class ExportedDomains {
  readonly sections: readonly ExportSection[];

  constructor(
    private readonly domains: DomainExport,
    private readonly certificates: CertificatesService,
    private readonly images: DomainImages,
  ) {
    this.sections = [
      { name: 'domains', pages: (id) => this.#domains(id) },
      { name: 'domain_events', pages: (id) => snakeCased(this.domains.events(id)) },
      { name: 'setup_links', pages: (id) => snakeCased(this.domains.setupLinks(id)) },
      { name: 'domain_transfers', pages: (id) => snakeCased(this.domains.offers(id)) },
      { name: 'domain_moves', pages: (id) => snakeCased(this.domains.moves(id)) },
      { name: 'domain_images', pages: (id) => snakeCased(this.images.exported(id)) },
    ];
  }

  /** With the certificates of the proven names: those of other claims belong to somebody else. */
  async *#domains(id: AccountId): AsyncGenerator<readonly object[]> {
    for await (const page of this.domains.domains(id)) {
      const proven = page.filter((domain) => isProven(domain) && domain.removedAt === null);
      const views = await this.certificates.viewMany(proven.map(({ hostname }) => hostname));
      yield page.map((domain) => {
        const view = proven.includes(domain) ? views.get(domain.hostname) : undefined;
        return {
          ...(toSnakeCase(domain) as object),
          certificate: view === undefined ? null : presentCertificate(view),
        };
      });
    }
  }
}
