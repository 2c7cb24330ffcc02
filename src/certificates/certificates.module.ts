import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DomainsModule } from '../domains/domains.module.js';
import { CaHeadroom } from './ca/ca-headroom.js';
import { CaHolds } from './ca/ca-holds.js';
import { CaLedgerEntryEntity } from './ca/ca-ledger-entry.entity.js';
import { CaLedger } from './ca/ca-ledger.js';
import { CertificatesService } from './certificates.service.js';
import { StoredContexts } from './contexts/stored-contexts.js';
import { CertificateRevoker } from './issuance/certificate-revoker.js';
import { IssuanceJob } from './issuance/issuance.job.js';
import { IssuanceRunner } from './issuance/issuance-runner.js';
import { IssuanceWorker } from './issuance/issuance-worker.js';
import { RecordPruner } from './issuance/record-pruner.js';
import { RenewalWatch } from './issuance/renewal-watch.js';
import { Upkeep } from './issuance/upkeep.js';
import { AcmeAccountEntity } from './issuers/acme-account.entity.js';
import { AcmeAccountStore } from './issuers/acme-account.store.js';
import { AcmeAccounts } from './issuers/acme-accounts.js';
import { ConfiguredIssuers } from './issuers/configured-issuers.js';
import { Issuers } from './issuers/issuer.js';
import { KeyVault } from './key-vault.js';
import { FailureHandler } from './orders/failure-handler.js';
import { IssuanceAttempt } from './orders/issuance-attempt.js';
import { IssuePermit } from './orders/issue-permit.js';
import { IssuerFailover } from './orders/issuer-failover.js';
import { OrderRun } from './orders/order-run.js';
import { Promoter } from './orders/promoter.js';
import { CertificateEntity } from './stores/certificate.entity.js';
import { CertificateRemovalStore } from './stores/certificate-removal.store.js';
import { CertificateStore } from './stores/certificate.store.js';
import { CertificateViewStore } from './stores/certificate-view.store.js';
import { ChallengeEntity } from './stores/challenge.entity.js';
import { ChallengeStore } from './stores/challenge.store.js';
import { IssuanceEntity } from './stores/issuance.entity.js';
import { IssuanceStore } from './stores/issuance.store.js';
import { WantedNamesStore } from './stores/wanted-names.store.js';
import { CertificateUploads } from './uploads/certificate-uploads.js';

// What this room knows: names, their keys and certificates, who issues them and when they are renewed.
// What it must not know: tenants, requests and how a name is shown; it asks DNS only through its two gates.

const ENTITIES = [
  AcmeAccountEntity,
  CaLedgerEntryEntity,
  CertificateEntity,
  ChallengeEntity,
  IssuanceEntity,
];

const STORES = [
  CertificateStore,
  CertificateRemovalStore,
  CertificateViewStore,
  IssuanceStore,
  WantedNamesStore,
  ChallengeStore,
];

const ISSUERS = [
  AcmeAccountStore,
  AcmeAccounts,
  { provide: Issuers, useClass: ConfiguredIssuers },
  CaHolds,
  CaLedger,
  CaHeadroom,
];

const ORDERS = [IssuePermit, OrderRun, Promoter, FailureHandler, IssuanceAttempt, IssuerFailover];

const ISSUANCE = [
  RenewalWatch,
  IssuanceRunner,
  IssuanceWorker,
  RecordPruner,
  Upkeep,
  CertificateRevoker,
  IssuanceJob,
];

/** Needs CertificateSettings, CaaGate and RoutingGate from the module that assembles the cell. */
@Module({
  imports: [DomainsModule, TypeOrmModule.forFeature(ENTITIES)],
  providers: [
    KeyVault,
    ...STORES,
    ...ISSUERS,
    ...ORDERS,
    ...ISSUANCE,
    CertificateUploads,
    StoredContexts,
    CertificatesService,
  ],
  exports: [CertificatesService, StoredContexts, CaLedger],
})
export class CertificatesModule {}
