import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { GuestsBelow } from './guests-below.decorator.js';
import { requestOf, routeMark } from './route-mark.js';

const guestsBelow = routeMark(GuestsBelow);

/**
 * Makes the caller of a route below GuestsBelow anonymous. It runs after the guards that have refused wrong credentials
 * and tokens without the scope.
 */
@Injectable()
export class GuestRouteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const path = guestsBelow(context);
    if (path === undefined) return true;
    const request = requestOf(context);
    if (request.routeOptions.url?.startsWith(path) !== true) return true;
    request.account = null;
    delete request.token;
    delete request.session;
    return true;
  }
}
