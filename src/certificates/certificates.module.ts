import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { CaHeadroom } from './ca/ca-headroom.js';
import { CaHolds } from './ca/ca-holds.js';
import { CaLedgerEntryEntity } from './ca/ca-ledger-entry.entity.js';
import { CaLedger } from './ca/ca-ledger.js';
import { CertificatesService } from './certificates.service.js';
import { StoredContexts } from './contexts/stored-contexts.js';
import { AuthorizationEnder } from './issuance/authorization-ender.js';
import { PlacedOrders } from './stores/placed-orders.store.js';
import { CertificateRevoker } from './issuance/certificate-revoker.js';
import {
  DomainAdministrationService,
  IssuedCertificates,
} from './domain-administration.service.js';
import { DomainDiagnosisService } from './domain-diagnosis.service.js';
import { IssuanceJob } from './issuance/issuance.job.js';
import { IssuanceRunner } from './issuance/issuance-runner.js';
import { IssuanceWorker } from './issuance/issuance-worker.js';
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
import { IssuanceFailures } from './orders/issuance-failures.js';
import { IssuePermit } from './orders/issue-permit.js';
import { IssuerFailover } from './orders/issuer-failover.js';
import { OrderRun } from './orders/order-run.js';
import { Promoter } from './orders/promoter.js';
import { CertificateEntity } from './stores/certificate.entity.js';
import { CertificateRemovalStore } from './stores/certificate-removal.store.js';
import { CertificateReportStore } from './stores/certificate-report.store.js';
import { CertificateStore } from './stores/certificate.store.js';
import { CertificateViewStore } from './stores/certificate-view.store.js';
import { ChallengeEntity } from './stores/challenge.entity.js';
import { ChallengeStore } from './stores/challenge.store.js';
import { IssuanceEntity } from './stores/issuance.entity.js';
import { IssuanceInterventions } from './stores/issuance-interventions.store.js';
import { IssuanceStore } from './stores/issuance.store.js';
import { NameReviewsStore } from './stores/name-reviews.store.js';
import { TicketKeyStore } from './tickets/ticket-key.store.js';
import { TicketKeysJob } from './tickets/ticket-keys.job.js';
import { WantedNamesStore } from './stores/wanted-names.store.js';
import { CertificateUploads } from './uploads/certificate-uploads.js';

// What this room knows: host names, their keys and certificates, who issues them and when they are renewed.
// What it must not know: tenants, requests and pages. It asks DNS only through the two gates (gates.ts).
//
// From a due row to a certificate:
//
//   issuances.next_at <= now()         queued by issuance/upkeep.ts, or made due by the release before
//        │
//    1   lease the row                 issuance/issuance-worker.ts   stores/issuance.store.ts: lease and fence
//    2   decide what is due            issuance/issuance-runner.ts   removal, expiry, warning, ARI poll (issuance/renewal-watch.ts)
//        │                                                           or, if a certificate is needed:
//    3   does the name lead here?      orders/issue-permit.ts        RoutingGate  ─ no ──► orders/block-issuance.ts
//    4   choose the issuer             orders/issuer-failover.ts     the next one only for a fault of the CA
//    5   may this CA issue?            orders/issue-permit.ts        ca/ca-holds.ts, then CaaGate  ─ no ──► block or next issuer
//    6   count the order               orders/order-run.ts           ca/ca-ledger.ts  ─ limit reached ──► wait or next issuer
//    7   make and seal the key         orders/order-run.ts           key-vault.ts, saved in the row before the order
//    8   order, challenge, finalize,   orders/order-run.ts           issuers/acme-issuer.ts drives acme/issue-steps.ts; each step
//        download                                                    is saved in the row; stores/challenge.store.ts has the challenge
//    9   check the chain               orders/promoter.ts            key, name, links, dates, OpenSSL; plans the renewal
//   10   make it current               stores/certificate.store.ts   one transaction: certificate, row, event, announcement
//        │
//   contexts/stored-contexts.ts        processes that have the name in memory read it again
//                                      the row is due again for the ARI poll or the renewal: step 1
//
// orders/issuance-attempt.ts runs steps 5 to 10 for one issuer; the local authority needs neither 5 nor 6.
// A problem in them goes to orders/failure-policy.ts (what it means) and orders/failure-handler.ts (holds, ledger).

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
  CertificateReportStore,
  IssuanceInterventions,
  IssuanceStore,
  WantedNamesStore,
  NameReviewsStore,
  ChallengeStore,
  PlacedOrders,
];

const ISSUERS = [
  AcmeAccountStore,
  AcmeAccounts,
  { provide: Issuers, useClass: ConfiguredIssuers },
  CaHolds,
  CaLedger,
  CaHeadroom,
];

const ORDERS = [
  IssuanceFailures,
  IssuePermit,
  OrderRun,
  Promoter,
  FailureHandler,
  IssuanceAttempt,
  IssuerFailover,
];

const ISSUANCE = [
  RenewalWatch,
  IssuanceRunner,
  IssuanceWorker,
  Upkeep,
  AuthorizationEnder,
  CertificateRevoker,
  IssuanceJob,
];

/** Needs CertificateSettings, HostServers, TicketKeys, UnopenedCiphertexts, CaaGate and RoutingGate from the module that assembles the cell. */
@Module({
  imports: [AccountsModule, DomainsModule, TypeOrmModule.forFeature(ENTITIES)],
  providers: [
    KeyVault,
    ...STORES,
    ...ISSUERS,
    ...ORDERS,
    ...ISSUANCE,
    CertificateUploads,
    TicketKeyStore,
    TicketKeysJob,
    StoredContexts,
    CertificatesService,
    IssuedCertificates,
    DomainDiagnosisService,
    DomainAdministrationService,
  ],
  exports: [
    DomainAdministrationService,
    CertificateReportStore,
    IssuanceInterventions,
    CertificatesService,
    StoredContexts,
    WantedNamesStore,
    Issuers,
  ],
})
export class CertificatesModule {}
