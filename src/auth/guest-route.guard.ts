import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { GuestRoute } from './guest-route.decorator.js';

/** Makes the caller of a GuestRoute anonymous. It runs after BasicGuard, which has refused wrong credentials. */
@Injectable()
export class GuestRouteGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (!this.reflector.getAllAndOverride(GuestRoute, targets)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.account = null;
    delete request.token;
    return true;
  }
}
