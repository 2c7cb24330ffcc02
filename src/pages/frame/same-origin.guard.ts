import type { IncomingHttpHeaders } from 'node:http';
import {
  ForbiddenException,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { SameOriginOnly } from './same-origin-only.decorator.js';

/**
 * Accepts the form of a SameOriginOnly route only from a page of the same host. Otherwise another site that knows a link could make its visitors
 * open or delete the message. It is a guard of all routes, so that it stands before the body is read.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): true {
    const targets = [context.getHandler(), context.getClass()];
    if (!this.reflector.getAllAndOverride(SameOriginOnly, targets)) return true;
    const { raw, tenant } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isSameOrigin(raw.headers, tenant.origin)) throw new ForbiddenException();
    return true;
  }
}

/**
 * Trusts `Sec-Fetch-Site`, which only the browser sets. Without it, the `Origin` must be the request's own host or
 * `tenantOrigin`. A request with neither is refused: every browser sends one of them with a form's POST, and programs
 * use the API.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, tenantOrigin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  if (site === 'same-site' || site === 'cross-site') return false;
  const { origin } = headers;
  if (origin === undefined) return false;
  return origin === tenantOrigin || origin === originOfHost(headers);
}

function originOfHost(headers: IncomingHttpHeaders): string | null {
  const host = headers[':authority'] ?? headers.host;
  const url = typeof host === 'string' ? URL.parse(`https://${host}`) : null;
  return url?.origin ?? null;
}
