import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { requireFresh } from '../accounts/sessions/fresh.js';
import { AppError } from '../shared/app-error.js';
import { callerOf } from './current-caller.decorator.js';
import { FreshSignIn } from './fresh-sign-in.decorator.js';
import { requestOf, routeMark } from './route-mark.js';

const freshSignIn = routeMark(FreshSignIn);

/** It runs after AccountRequiredGuard and ScopeGuard. */
@Injectable()
export class FreshSignInGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const needed = freshSignIn(context);
    if (needed === undefined) return true;
    const { session, token } = callerOf(requestOf(context));
    if (session !== null) requireFresh(session);
    else if (token !== null && needed === 'browsers only') throw sessionNeeded();
    return true;
  }
}

function sessionNeeded(): AppError {
  return new AppError('forbidden', 'Only a browser that is signed in may do this.', {
    reason: 'SESSION_NEEDED',
  });
}
