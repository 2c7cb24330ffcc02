import { Injectable, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SessionUses } from '../accounts/sessions/session-uses.js';
import { Sessions } from '../accounts/sessions/sessions.service.js';
import { csrfHeaderOf, isChange, requireOwnOrigin, requireToken } from './csrf.js';
import { requestOf, routeMark } from './route-mark.js';
import { Scoped } from './scoped.decorator.js';
import { readSessionCookie } from './session-cookie.js';

const scoped = routeMark(Scoped);

/** Of the API, what a page needs. API v1 and v2 are for programs: they ignore the cookie. */
const API_OF_PAGES = /^\/api\/(?:account|domains)(?:\/|$)/;

/**
 * Signs a request in by its cookie. Only the region's own host takes it: neither a custom domain, whose owner sees what is
 * sent to it, nor the base domain. A cookie of no live session is like none.
 */
@Injectable()
export class SessionSignIn {
  constructor(
    private readonly sessions: Sessions,
    private readonly uses: SessionUses,
  ) {}

  /**
   * Sets `request.account`, and `request.session` when it is signed in. Without a cookie that counts, at once.
   * @throws AppError `forbidden` for a change that comes from another site, or without the session's token
   */
  signIn(context: ExecutionContext): true | Promise<true> {
    const request = requestOf(context);
    request.account = null;
    const value = this.#takesSessions(context, request) ? readSessionCookie(request.raw) : null;
    return value === null || this.#signInBy(value, request);
  }

  async #signInBy(value: string, request: FastifyRequest): Promise<true> {
    const live = await this.sessions.authenticate(value);
    if (live === null) return true;
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
    return true;
  }

  #takesSessions(context: ExecutionContext, request: FastifyRequest): boolean {
    const { tenant } = request;
    if (tenant.domain !== null || tenant.isDeprecatedName) return false;
    if (isApi(request) && !API_OF_PAGES.test(request.routeOptions.url ?? '')) return false;
    // What shows the same to everybody needs no query.
    return scoped(context) !== 'any';
  }
}

function isApi({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/api/') === true;
}
