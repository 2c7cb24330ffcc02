import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import type { Region } from '../config/region.js';
import { AccountRequiredGuard } from './account-required.guard.js';
import { basicAuth } from './basic-auth.js';
import { BasicGuard } from './basic.guard.js';
import { CsrfGuard } from './csrf.guard.js';
import { FreshSignInGuard } from './fresh-sign-in.guard.js';
import { GuestRouteGuard } from './guest-route.guard.js';
import { RegionHostGuard } from './region-host.guard.js';
import { RoleGuard } from './role.guard.js';
import { ScopeGuard } from './scope.guard.js';
import { SessionSignIn } from './session-sign-in.js';

// What this room knows: how a request names its sender, and whether its credentials are valid in this region.
// What it must not know: what the caller asks for, or how an account is stored.

/**
 * Exports guards, to be registered for every route in this order: RegionHostGuard, RoleGuard, BasicGuard,
 * AccountRequiredGuard, ScopeGuard, FreshSignInGuard, GuestRouteGuard; and CsrfGuard when the body is read.
 */
@Module({})
export class AuthModule {
  static of(region: Region): DynamicModule {
    const { strategy, guard } = basicAuth(region);
    return {
      module: AuthModule,
      imports: [AccountsModule],
      providers: [
        strategy,
        RegionHostGuard,
        RoleGuard,
        { provide: BasicGuard, useClass: guard },
        AccountRequiredGuard,
        ScopeGuard,
        FreshSignInGuard,
        GuestRouteGuard,
        CsrfGuard,
        SessionSignIn,
      ],
      exports: [
        RegionHostGuard,
        RoleGuard,
        BasicGuard,
        AccountRequiredGuard,
        ScopeGuard,
        FreshSignInGuard,
        GuestRouteGuard,
        CsrfGuard,
      ],
    };
  }
}
