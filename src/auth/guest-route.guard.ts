import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { GuestsBelow } from './guests-below.decorator.js';

/**
 * Makes the caller of a route below GuestsBelow anonymous. It runs after the guards that have refused wrong credentials
 * and tokens without the scope.
 */
@Injectable()
export class GuestRouteGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const path = this.reflector.get(GuestsBelow, context.getClass());
    if (path === undefined || request.routeOptions.url?.startsWith(path) !== true) return true;
    request.account = null;
    delete request.token;
    delete request.session;
    return true;
  }
}
