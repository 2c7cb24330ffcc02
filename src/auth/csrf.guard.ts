import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readForm } from '../shared/forms/read-form.js';
import { CSRF_FIELD, isChange, requireToken } from './csrf.js';

/** Refuses a session's form without the session's token. It runs when the body is read. */
@Injectable()
export class CsrfGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { session, body, headers, isCsrfChecked } = request;
    if (session === undefined || !isChange(request) || isCsrfChecked === true) return true;
    const fields = Buffer.isBuffer(body) ? readForm(body, headers['content-type']) : [];
    const tokens = fields.filter(([name]) => name === CSRF_FIELD).map(([, value]) => value);
    requireToken(tokens.length === 1 ? (tokens[0] ?? null) : null, session);
    return true;
  }
}
