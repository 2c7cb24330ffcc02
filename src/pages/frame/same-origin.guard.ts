import {
  ForbiddenException,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { requestOf, routeMark } from '../../auth/route-mark.js';
import { isSameOrigin } from '../../auth/same-origin.js';
import { SameOriginOnly } from './same-origin-only.decorator.js';

const sameOriginOnly = routeMark(SameOriginOnly);

/**
 * Accepts the form of a SameOriginOnly route only from a page of the same host. Otherwise another site that knows a link could make its visitors
 * open or delete the message. It is a guard of all routes, so that it stands before the body is read.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (!sameOriginOnly(context)) return true;
    const { raw, tenant } = requestOf(context);
    if (!isSameOrigin(raw.headers, tenant.origin)) throw new ForbiddenException();
    return true;
  }
}
