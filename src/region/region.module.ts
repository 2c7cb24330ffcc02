import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { AdminModule } from '../admin/admin.module.js';
import { ApiModule } from '../api/api.module.js';
import { ErrorFilter } from '../api/error.filter.js';
import { AuthModule } from '../auth/auth.module.js';
import { AccountRequiredGuard } from '../auth/account-required.guard.js';
import { BasicGuard } from '../auth/basic.guard.js';
import { CsrfGuard } from '../auth/csrf.guard.js';
import { FreshSignInGuard } from '../auth/fresh-sign-in.guard.js';
import { GuestRouteGuard } from '../auth/guest-route.guard.js';
import { RegionHostGuard } from '../auth/region-host.guard.js';
import { RoleGuard } from '../auth/role.guard.js';
import { ScopeGuard } from '../auth/scope.guard.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { MailModule } from '../mail/mail.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { PageErrors } from '../pages/public/page-error.js';
import { PagesModule } from '../pages/pages.module.js';
import { SameOriginGuard } from '../pages/frame/same-origin.guard.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { SetupModule } from '../setup/setup.module.js';
import { DomainsModule } from '../domains/domains.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { BacklogMetrics } from './backlog-metrics.js';
import { BodyBudget } from './body-budget.js';
import { BodyGuard } from './body.guard.js';
import { CaIdentityWatch } from './ca-identities.js';
import { CellHandles } from './cell-handles.js';
import { CellNames } from './cell-names.js';
import { CellGlobalsModule, type CellGlobals } from './cell-globals.module.js';
import { CallerLimitGuard } from './caller-limit.guard.js';
import { CertificateMetrics } from './certificate-metrics.js';
import { ClockMetrics } from './clock-metrics.js';
import { DomainMetrics } from './domain-metrics.js';
import { NetworkLimitGuard } from './network-limit.guard.js';
import { RefusedFormFilter } from './refused-form.filter.js';
import { PoolMetrics } from './pool-metrics.js';
import { RecordRetentionJob } from './record-retention.job.js';
import { SetupMetrics } from './setup-metrics.js';
import { ProxyCertificatePolicy } from './proxy-certificate-policy.js';

// What this room knows: how the rooms of one region form one Nest application that answers requests.
// What it must not know: sockets, other regions, or the process, except for what it is passed.

export interface CellParts extends CellGlobals {
  /** Connected, with all migrations applied. */
  readonly dataSource: DataSource;
}

/** Rooms that others use without importing their modules: SecretsModule injects LinkDelivery of NoticesModule. */
const TELLING: DynamicModule[] = [MailModule, OutboxModule, NoticesModule, WebhooksModule].map(
  (module) => ({ module, global: true }),
);

const METRICS = [ClockMetrics, PoolMetrics];
/** Of what a process that only serves has no part in. */
const WORK_METRICS = [BacklogMetrics, DomainMetrics, SetupMetrics, CertificateMetrics];

/** Those of this room and of the pages; AuthModule has its own. */
const GUARDS = [NetworkLimitGuard, CallerLimitGuard, SameOriginGuard, BodyGuard];

@Module({})
export class RegionModule {
  static of(parts: CellParts): DynamicModule {
    return {
      module: RegionModule,
      imports: [
        CellGlobalsModule.of(parts),
        DatabaseModule.of(parts.dataSource),
        { module: LimitsModule, global: true },
        ...TELLING,
        DomainsModule,
        // ApiModule injects CertificatesService without importing this module.
        { module: CertificatesModule, global: true },
        AuthModule.of(parts.config.region),
        SecretsModule,
        SetupModule,
        ApiModule,
        PagesModule,
        AdminModule,
      ],
      providers: [
        CellNames,
        ProxyCertificatePolicy,
        CaIdentityWatch,
        ...METRICS,
        ...(parts.config.role === 'serve' ? [] : WORK_METRICS),
        ...GUARDS,
        RecordRetentionJob,
        CellHandles,
        // Every route, in this order: the cheap limit first, the limit by account when the account is known, then the body, and what is in it.
        { provide: APP_GUARD, useExisting: NetworkLimitGuard },
        { provide: APP_GUARD, useExisting: RegionHostGuard },
        { provide: APP_GUARD, useExisting: RoleGuard },
        { provide: APP_GUARD, useExisting: BasicGuard },
        { provide: APP_GUARD, useExisting: AccountRequiredGuard },
        { provide: APP_GUARD, useExisting: ScopeGuard },
        { provide: APP_GUARD, useExisting: FreshSignInGuard },
        { provide: APP_GUARD, useExisting: GuestRouteGuard },
        { provide: APP_GUARD, useExisting: CallerLimitGuard },
        { provide: APP_GUARD, useExisting: SameOriginGuard },
        { provide: APP_GUARD, useExisting: BodyGuard },
        { provide: APP_GUARD, useExisting: CsrfGuard },
        {
          provide: APP_FILTER,
          inject: [PageErrors, BodyBudget],
          useFactory: (pages: PageErrors, budget: BodyBudget) =>
            new RefusedFormFilter(
              new ErrorFilter((error, status, request) => pages.answer(error, status, request)),
              budget,
            ),
        },
      ],
    };
  }
}
