import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { readFormField } from '../shared/forms/read-form.js';
import { CSRF_FIELD, isChange, requireToken } from './csrf.js';
import { requestOf } from './route-mark.js';

/** Refuses a session's form without the session's token. It runs when the body is read. */
@Injectable()
export class CsrfGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = requestOf(context);
    const { session, body, headers, isCsrfChecked } = request;
    if (session === undefined || !isChange(request) || isCsrfChecked === true) return true;
    const tokens = Buffer.isBuffer(body)
      ? readFormField(body, headers['content-type'], CSRF_FIELD)
      : [];
    requireToken(tokens.length === 1 ? (tokens[0] ?? null) : null, session);
    return true;
  }
}
