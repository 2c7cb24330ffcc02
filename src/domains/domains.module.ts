import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CellConfig } from '../config/cell-config.js';
import { ChangeFeed } from '../database/change-feed.js';
import { Statements } from '../database/statements.js';
import type { Hostname } from '../shared/hostname.js';
import { AccountChangesJob } from './claims/account-changes.job.js';
import { AccountEffects } from './claims/account-effects.js';
import { CheckLeases } from './checks/check-leases.js';
import { ClaimChecker } from './checks/claim-checker.js';
import { LookUpBudget } from './checks/look-up-budget.js';
import { ClaimKnocks } from './checks/claim-knocks.js';
import { DomainCheckJob } from './checks/domain-check.job.js';
import { AllDomainsStore } from './claims/all-domains.store.js';
import { ClaimInterventions } from './claims/claim-interventions.js';
import { DomainClaims } from './claims/domain-claims.js';
import { DomainDirectory } from './serving/domain-directory.js';
import { DomainExport } from './claims/domain-export.js';
import { DomainLifecycle } from './claims/domain-lifecycle.js';
import { DomainTransfer } from './claims/domain-transfer.js';
import { NameBlocks } from './claims/name-blocks.js';
import { DomainTransitions } from './claims/domain-transitions.js';
import { DomainChangeEntity } from './domain-change.entity.js';
import { DomainEventEntity } from './domain-event.entity.js';
import { DomainEntity } from './domain.entity.js';
import { DomainStore } from './claims/domain.store.js';
import { SetupLinks } from './claims/setup-links.js';
import { KeyPublication } from './connect/key-publication.js';
import { SetupDiscoverer } from './connect/setup-discoverer.js';
import { SetupOffers } from './connect/setup-offers.js';
import { SetupReturns } from './connect/setup-returns.js';
import { TransferOffers } from './claims/transfer-offers.js';
import { DomainMoves } from './moves/domain-moves.js';
import { DomainTransfers } from './moves/domain-transfers.js';
import { MoveArrivals } from './moves/move-arrivals.js';
import { MoveJob } from './moves/move.job.js';
import { DomainsService } from './domains.service.js';

// What this room knows: which account claims which name, what proves it, where the name leads, and whether it serves.
// What it must not know: requests, secrets, and certificates, except for the one join of FIND_SERVED.
//
//   words      domain, domain-name, ownership, routing, ...  the types and columns that every folder uses
//   serving    DomainDirectory: hostname -> ServedDomain     to secrets and the region
//   probe      HttpProbe: hostname -> ProbeFacts             to checks; the region answers with answerProbe()
//   diagnosis  diagnose(): DomainFacts -> Diagnosis          to checks, the API and the region
//   claims     claim, release, apply observations, list      to checks and the service; rows, events, announcements
//   moves      give and take names between accounts and regions
//   connect    DNS providers that make the records        to checks, as a DomainSetup; links to set-up and pages
//   checks     observe the claims that are due               to claims, as an Observation
//   DomainsService                                           to the API
//
// Each folder imports only those above it.

/** Needs DomainSettings, MovePeers, DomainObserver, DnsResolver, Clock, CellConfig and RateLimits from the module that composes the cell. */
@Module({
  imports: [TypeOrmModule.forFeature([DomainEntity, DomainEventEntity, DomainChangeEntity])],
  providers: [
    {
      provide: ChangeFeed,
      useFactory: (dataSource: DataSource, statements: Statements) =>
        new ChangeFeed(dataSource, statements),
      inject: [DataSource, Statements],
    },
    {
      provide: DomainDirectory,
      useFactory: (
        statements: Statements,
        feed: ChangeFeed,
        knocks: ClaimKnocks,
        { role }: CellConfig,
      ) => {
        // A process that only serves writes no domain: the claim is checked by its schedule.
        const options =
          role === 'serve' ? {} : { onUnserved: (name: Hostname) => knocks.knock(name) };
        return new DomainDirectory(statements, feed, options);
      },
      inject: [Statements, ChangeFeed, ClaimKnocks, CellConfig],
    },
    {
      provide: ClaimKnocks,
      useFactory: (dataSource: DataSource) => new ClaimKnocks(dataSource),
      inject: [DataSource],
    },
    DomainStore,
    DomainExport,
    DomainClaims,
    DomainTransitions,
    DomainLifecycle,
    CheckLeases,
    LookUpBudget,
    SetupDiscoverer,
    KeyPublication,
    SetupOffers,
    SetupReturns,
    ClaimChecker,
    DomainCheckJob,
    AccountEffects,
    AccountChangesJob,
    AllDomainsStore,
    NameBlocks,
    DomainTransfer,
    ClaimInterventions,
    SetupLinks,
    TransferOffers,
    DomainMoves,
    MoveArrivals,
    MoveJob,
    DomainTransfers,
    DomainsService,
  ],
  exports: [
    SetupOffers,
    SetupReturns,
    AllDomainsStore,
    ClaimInterventions,
    SetupLinks,
    TransferOffers,
    DomainMoves,
    DomainTransfers,
    DomainsService,
    DomainExport,
    DomainDirectory,
    ChangeFeed,
  ],
})
export class DomainsModule {
  constructor(checker: ClaimChecker, discoverer: SetupDiscoverer) {
    checker.onCheck((claim) => discoverer.look(claim));
  }
}
