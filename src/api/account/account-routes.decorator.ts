import {
  applyDecorators,
  Controller,
  type PipeTransform,
  type Type,
  UsePipes,
} from '@nestjs/common';
import { AccountRequired } from '../../auth/account-required.decorator.js';
import { RegionHostOnly } from '../../auth/region-host-only.decorator.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AccountRequestPipe } from './account-request.pipe.js';

/**
 * A controller of the account's own API, on the region's own host. Routes that only show are marked `Scoped('read')`.
 * @param pipe validates the requests, and names what its ids are of
 */
export function AccountRoutes(
  path = '',
  pipe: Type<PipeTransform> = AccountRequestPipe,
): ClassDecorator {
  return applyDecorators(
    Controller(`api/account${path}`),
    RegionHostOnly(),
    AccountRequired(),
    Scoped('account'),
    Limited('account change'),
    UsePipes(pipe),
  );
}

/** A route that changes nothing. */
export function ReadOnly(): MethodDecorator {
  return applyDecorators(Scoped('read'), Limited('account read'));
}
