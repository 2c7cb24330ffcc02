import {
  Injectable,
  NotFoundException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { RegionHostOnly } from './region-host-only.decorator.js';

/**
 * Answers a RegionHostOnly route on a custom domain like a path that does not exist. It runs before BasicGuard: a path
 * that does not exist must not tell whether credentials are valid.
 */
@Injectable()
export class RegionHostGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { tenant } = context.switchToHttp().getRequest<FastifyRequest>();
    const targets = [context.getHandler(), context.getClass()];
    if (tenant.domain !== null && this.reflector.getAllAndOverride(RegionHostOnly, targets))
      throw new NotFoundException();
    return true;
  }
}
