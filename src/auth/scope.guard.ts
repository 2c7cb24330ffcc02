import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import { callerOf } from './current-caller.decorator.js';
import { requestOf, routeMark } from './route-mark.js';
import { Scoped } from './scoped.decorator.js';

const scoped = routeMark(Scoped);

/** The `reason` of the AppError `forbidden` that ScopeGuard throws. */
export const SCOPE_MISSING = 'SCOPE_MISSING';

/** Refuses an API token the routes that its scopes do not open. It runs after AccountRequiredGuard. */
@Injectable()
export class ScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { token } = callerOf(requestOf(context));
    if (token === null) return true;
    const scope = scoped(context);
    if (scope === 'any' || (scope !== undefined && token.scopes.includes(scope))) return true;
    throw new AppError(
      'forbidden',
      `This token does not have the scope ${scope ?? 'needed here'}`,
      {
        reason: SCOPE_MISSING,
      },
    );
  }
}
