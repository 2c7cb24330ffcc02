import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { SessionUses } from '../accounts/sessions/session-uses.js';
import { Sessions } from '../accounts/sessions/sessions.service.js';
import { csrfHeaderOf, isChange, requireOwnOrigin, requireToken } from './csrf.js';
import { Scoped } from './scoped.decorator.js';
import { readSessionCookie } from './session-cookie.js';

/** Of the API, what a page needs. API v1 and v2 are for programs: they ignore the cookie. */
const API_OF_PAGES = /^\/api\/(?:account|domains)(?:\/|$)/;

/**
 * Signs a request in by its cookie. Only the region's own host takes it: neither a custom domain, whose owner sees what is
 * sent to it, nor the base domain. A cookie of no live session is like none.
 */
@Injectable()
export class SessionSignIn {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
    private readonly uses: SessionUses,
  ) {}

  /**
   * Sets `request.account`, and `request.session` when it is signed in.
   * @throws AppError `forbidden` for a change that comes from another site, or without the session's token
   */
  async signIn(context: ExecutionContext): Promise<void> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.account = null;
    const value = this.#takesSessions(context, request) ? readSessionCookie(request.raw) : null;
    const live = value === null ? null : await this.sessions.authenticate(value);
    if (live === null) return;
    const { account, session, isNoteDue } = live;
    if (isChange(request)) {
      requireOwnOrigin(request);
      const token = csrfHeaderOf(request);
      // A page's form has it in a field: see CsrfGuard.
      if (token !== null || isApi(request)) requireToken(token, session);
      request.isCsrfChecked = token !== null;
    }
    request.account = account;
    request.session = session;
    if (isNoteDue) this.uses.note(session.id, request.network);
  }

  #takesSessions(context: ExecutionContext, request: FastifyRequest): boolean {
    const { tenant } = request;
    if (tenant.domain !== null || tenant.isDeprecatedName) return false;
    if (isApi(request) && !API_OF_PAGES.test(request.routeOptions.url ?? '')) return false;
    // What shows the same to everybody needs no query.
    const scope = this.reflector.getAllAndOverride(Scoped, [
      context.getHandler(),
      context.getClass(),
    ]);
    return scope !== 'any';
  }
}

function isApi({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/api/') === true;
}
