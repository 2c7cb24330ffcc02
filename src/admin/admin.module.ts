import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { TableEstimates } from '../database/table-estimates.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { AccountRoutes } from './accounts/account-routes.js';
import { TokenRoutes } from './accounts/token-routes.js';
import { AdminAccess } from './admin-access.js';
import { AdminApi } from './admin-api.js';
import type { AdminRoutes } from './admin-operation.js';
import { AuditRoutes } from './audit/audit-routes.js';
import { CertificateRoutes } from './certificates/certificate-routes.js';
import { DomainRoutes } from './domains/domain-routes.js';
import { LimitRoutes } from './limits/limit-routes.js';
import { OverviewRoutes } from './overview/overview-routes.js';
import { RegionNumbers } from './overview/region-numbers.js';

// What this room knows: the operator's API as JSON: its operations, who may have them, and its errors.
// What it must not know: tenants, and how a service does what it is asked. It has no route on a tenant's host: its
// handler is a Fastify of its own, which only the gateway's admin listener calls.

const PARTS = [
  OverviewRoutes,
  AccountRoutes,
  TokenRoutes,
  DomainRoutes,
  CertificateRoutes,
  LimitRoutes,
  AuditRoutes,
];

@Module({
  // CertificatesModule is global: importing it here would make a second one.
  imports: [AccountsModule, OperatorsModule, SecretsModule],
  providers: [
    ...PARTS,
    AdminAccess,
    TableEstimates,
    RegionNumbers,
    {
      provide: AdminApi,
      inject: [AdminAccess, ...PARTS],
      useFactory: (access: AdminAccess, ...parts: readonly AdminRoutes[]) =>
        new AdminApi(
          access,
          parts.flatMap(({ routes }) => routes),
        ),
    },
  ],
  exports: [AdminApi],
})
export class AdminModule {}
