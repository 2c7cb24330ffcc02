import { applyDecorators, Controller, UseInterceptors } from '@nestjs/common';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { PageInterceptor } from '../frame/page.interceptor.js';

/** A controller of the pages by which people come to an account, on the region's own host. */
export function VisitorPages(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    RegionHostOnly(),
    // A session is looked at: a new sign-in replaces it.
    Scoped('account'),
    UseInterceptors(PageInterceptor),
  );
}
