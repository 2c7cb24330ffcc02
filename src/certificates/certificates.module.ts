import { Module } from '@nestjs/common';
import { DomainsModule } from '../domains/domains.module.js';
import { CertificateRemovalStore } from './stores/certificate-removal.store.js';
import { CertificateUploads } from './uploads/certificate-uploads.js';
import { CertificateViewStore } from './stores/certificate-view.store.js';
import { CertificateStore } from './stores/certificate.store.js';
import { CertificatesService } from './certificates.service.js';
import { AcmeAccountStore } from './issuers/acme-account.store.js';
import { AcmeAccounts } from './issuers/acme-accounts.js';
import { CaHeadroom } from './ca/ca-headroom.js';
import { CaHolds } from './ca/ca-holds.js';
import { CaLedger } from './ca/ca-ledger.js';
import { ChallengeStore } from './stores/challenge.store.js';
import { ConfiguredIssuers } from './issuers/configured-issuers.js';
import { FailureHandler } from './orders/failure-handler.js';
import { IssuanceJob } from './issuance/issuance.job.js';
import { IssuanceRunner } from './issuance/issuance-runner.js';
import { IssuanceStore } from './stores/issuance.store.js';
import { IssuePermit } from './orders/issue-permit.js';
import { IssuerFailover } from './orders/issuer-failover.js';
import { IssuanceAttempt } from './orders/issuance-attempt.js';
import { Issuers } from './issuers/issuer.js';
import { OrderRun } from './orders/order-run.js';
import { Promoter } from './orders/promoter.js';
import { RenewalWatch } from './issuance/renewal-watch.js';
import { RecordPruner } from './issuance/record-pruner.js';
import { Upkeep } from './issuance/upkeep.js';
import { CertificateRevoker } from './issuance/certificate-revoker.js';
import { IssuanceWorker } from './issuance/issuance-worker.js';
import { WantedNamesStore } from './stores/wanted-names.store.js';
import { KeyVault } from './key-vault.js';
import { StoredContexts } from './contexts/stored-contexts.js';

// What this room knows: names, their keys and certificates, who issues them and when they are renewed.
// What it must not know: tenants, requests and how a name is shown; it asks DNS only through its two gates.

const STORES = [
  CertificateStore,
  CertificateRemovalStore,
  CertificateViewStore,
  IssuanceStore,
  WantedNamesStore,
  ChallengeStore,
  AcmeAccountStore,
  CaHolds,
  CaLedger,
];

const ISSUANCE = [
  AcmeAccounts,
  { provide: Issuers, useClass: ConfiguredIssuers },
  IssuePermit,
  OrderRun,
  Promoter,
  FailureHandler,
  IssuanceAttempt,
  IssuerFailover,
  RenewalWatch,
  IssuanceRunner,
  CaHeadroom,
  RecordPruner,
  Upkeep,
  CertificateRevoker,
  IssuanceWorker,
  IssuanceJob,
];

/** Needs CertificateSettings, CaaGate and RoutingGate from whoever puts the cell together. */
@Module({
  imports: [DomainsModule],
  providers: [
    KeyVault,
    ...STORES,
    ...ISSUANCE,
    CertificateUploads,
    StoredContexts,
    CertificatesService,
  ],
  exports: [CertificatesService, StoredContexts, CaLedger],
})
export class CertificatesModule {}
