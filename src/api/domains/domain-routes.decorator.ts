import { applyDecorators, Controller, UseInterceptors } from '@nestjs/common';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/** A controller of the domain API: for accounts, on the region's own host, with idempotency keys. */
export function DomainRoutes(): ClassDecorator {
  return applyDecorators(
    Controller('api/domains'),
    RegionHostOnly(),
    AccountRequired(),
    UseInterceptors(IdempotencyInterceptor),
  );
}
