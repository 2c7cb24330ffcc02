import type { DataSource } from 'typeorm';
import type { AccountsService } from '../accounts/accounts.service.js';
import {
  DomainAdministrationService,
  IssuedCertificates,
} from '../certificates/domain-administration.service.js';
import { CertificateRemovalStore } from '../certificates/stores/certificate-removal.store.js';
import type { CertificateReportStore } from '../certificates/stores/certificate-report.store.js';
import { IssuanceInterventions } from '../certificates/stores/issuance-interventions.store.js';
import { AllDomainsStore } from '../domains/claims/all-domains.store.js';
import { ClaimInterventions } from '../domains/claims/claim-interventions.js';
import { DomainLifecycle } from '../domains/claims/domain-lifecycle.js';
import { DomainTransfer } from '../domains/claims/domain-transfer.js';
import { NameBlocks } from '../domains/claims/name-blocks.js';

/** The service that the operator's API uses, on a database alone. */
export function domainAdministrationIn(
  dataSource: DataSource,
  accounts: AccountsService,
  reports: CertificateReportStore,
): DomainAdministrationService {
  return new DomainAdministrationService(
    accounts,
    new AllDomainsStore(dataSource),
    new ClaimInterventions(
      new DomainLifecycle(dataSource),
      new NameBlocks(dataSource),
      new DomainTransfer(dataSource),
    ),
    new IssuedCertificates(
      reports,
      new CertificateRemovalStore(dataSource),
      new IssuanceInterventions(dataSource),
    ),
  );
}
