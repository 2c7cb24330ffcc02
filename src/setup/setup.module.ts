import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { DomainOffers } from './domain-offers.js';
import { DomainViews } from './domain-views.js';
import { ProgressStreams } from './progress-streams.js';
import { ProgressWatch } from './progress-watch.js';
import { SetupVisits } from './setup-visits.js';
import { WatcherPasses } from './watcher-passes.js';

// What this room knows: a domain with its certificate as one picture, how far its set-up is, and who may watch it.
// What it must not know: the wire of the API, or what a page looks like.

/** The application that imports it provides CertificatesService, Clock, ClockWatch and RateLimits. */
@Module({
  imports: [AccountsModule, DomainsModule],
  providers: [
    DomainOffers,
    DomainViews,
    ProgressWatch,
    ProgressStreams,
    SetupVisits,
    WatcherPasses,
  ],
  exports: [DomainViews, ProgressStreams, SetupVisits],
})
export class SetupModule {}
