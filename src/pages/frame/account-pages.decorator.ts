import { applyDecorators, Controller, UseInterceptors } from '@nestjs/common';
import type { TokenScope } from '../../accounts/tokens/token-scope.js';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { PageInterceptor } from './page.interceptor.js';

/** A controller of pages for the owner of an account, on the region's own host. */
export function AccountPages(path: string, scope: TokenScope): ClassDecorator {
  return applyDecorators(
    Controller(path),
    RegionHostOnly(),
    AccountRequired(),
    Scoped(scope),
    UseInterceptors(PageInterceptor),
  );
}
