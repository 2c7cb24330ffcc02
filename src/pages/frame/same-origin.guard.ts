import {
  ForbiddenException,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { isSameOrigin } from '../../auth/same-origin.js';
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
