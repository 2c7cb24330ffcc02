import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AccountRequired } from './account-required.decorator.js';
import { isForeignAccount } from './caller.js';
import { callerOf } from './current-caller.decorator.js';
import { notAuthorized } from './not-authorized.js';
import { requestOf, routeMark } from './route-mark.js';

const accountRequired = routeMark(AccountRequired);

/** Refuses an AccountRequired route to anonymous callers and to foreign accounts. It runs after BasicGuard. */
@Injectable()
export class AccountRequiredGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (!accountRequired(context)) return true;
    const caller = callerOf(requestOf(context));
    if (caller.account === null || isForeignAccount(caller)) throw notAuthorized();
    return true;
  }
}
