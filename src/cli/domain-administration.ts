import type { DataSource } from 'typeorm';
import { Registry } from 'prom-client';
import type { AccountsService } from '../accounts/accounts.service.js';
import {
  DomainAdministrationService,
  IssuedCertificates,
} from '../certificates/domain-administration.service.js';
import { DomainDiagnosisService } from '../certificates/domain-diagnosis.service.js';
import { KeyVault } from '../certificates/key-vault.js';
import { CertificateRemovalStore } from '../certificates/stores/certificate-removal.store.js';
import type { CertificateReportStore } from '../certificates/stores/certificate-report.store.js';
import { IssuanceInterventions } from '../certificates/stores/issuance-interventions.store.js';
import { CertificateViewStore } from '../certificates/stores/certificate-view.store.js';
import type { CellConfig } from '../config/cell-config.js';
import type { Config } from '../config/config.js';
import type { RegionConfig } from '../config/region-config.js';
import { ClockWatch } from '../database/clock-watch.js';
import { AllDomainsStore } from '../domains/claims/all-domains.store.js';
import { ClaimInterventions } from '../domains/claims/claim-interventions.js';
import { DomainLifecycle } from '../domains/claims/domain-lifecycle.js';
import { DomainTransfer } from '../domains/claims/domain-transfer.js';
import { NameBlocks } from '../domains/claims/name-blocks.js';
import { acmeZone, NoDelegation } from '../dns/delegation-offer.js';
import type { DomainSettings } from '../domains/domain-settings.js';
import { SystemClock } from '../shared/clock.js';
import { UnopenedCiphertexts } from '../shared/unopened-ciphertexts.js';

/** The service that the operator's API uses, on a database alone. */
export function domainAdministrationIn(
  dataSource: DataSource,
  accounts: AccountsService,
  reports: CertificateReportStore,
  settings: DomainSettings,
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
    new DomainDiagnosisService(
      settings,
      new AllDomainsStore(dataSource),
      new CertificateViewStore(dataSource, new NoKeys()),
      new SystemClock(),
      new ClockWatch(),
    ),
  );
}

/** A command asks no CA who it is: the last check of a domain knew it. */
export function domainSettingsOf(
  { baseDomain, fleet, allowsReservedTlds }: Config,
  { region, ingressAddresses }: RegionConfig,
): DomainSettings {
  const delegation = new NoDelegation(acmeZone(region, baseDomain));
  return { region, baseDomain, fleet, ingressAddresses, allowsReservedTlds, cas: [], delegation };
}

/** A command has no root keys, so it does not say which certificate's key they no longer open. */
class NoKeys extends KeyVault {
  constructor() {
    super({ rootKeys: [] } as unknown as CellConfig, new UnopenedCiphertexts(new Registry()));
  }

  override opens(): boolean {
    return true;
  }
}
