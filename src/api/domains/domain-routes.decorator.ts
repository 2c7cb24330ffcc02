import { applyDecorators, Controller, UseInterceptors, UsePipes } from '@nestjs/common';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { DomainRequestPipe } from './domain-request.pipe.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/**
 * A controller of the domain API: for accounts, on the region's own host, with schemas, and with idempotency keys, whose
 * answers are kept for a day, unless `isRepeatable` is false.
 */
export function DomainRoutes({ isRepeatable = true } = {}): ClassDecorator {
  return applyDecorators(
    Controller('api/domains'),
    RegionHostOnly(),
    AccountRequired(),
    Scoped('domains'),
    UsePipes(DomainRequestPipe),
    ...(isRepeatable ? [UseInterceptors(IdempotencyInterceptor)] : []),
  );
}
