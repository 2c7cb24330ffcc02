import { applyDecorators, Controller, UseInterceptors } from '@nestjs/common';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { PageInterceptor } from '../frame/page.interceptor.js';

/** A controller of pages for the owner of domains, on the region's own host. */
export function OwnerPages(path: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    RegionHostOnly(),
    AccountRequired(),
    Scoped('domains'),
    UseInterceptors(PageInterceptor),
  );
}
