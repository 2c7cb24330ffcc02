import {
  Injectable,
  NotFoundException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { RegionHostOnly } from './region-host-only.decorator.js';
import { requestOf, routeMark } from './route-mark.js';

const regionHostOnly = routeMark(RegionHostOnly);

/**
 * Answers a RegionHostOnly route on a custom domain like a path that does not exist. It runs before BasicGuard: a path
 * that does not exist must not tell whether credentials are valid.
 */
@Injectable()
export class RegionHostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { tenant } = requestOf(context);
    if (tenant.domain !== null && regionHostOnly(context)) throw new NotFoundException();
    return true;
  }
}
