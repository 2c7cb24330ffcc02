import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import type { Role } from '../config/role.js';
import { AppError } from '../shared/app-error.js';
import { OfferedBy, type Offer } from './offered-by.decorator.js';
import { routeMark } from './route-mark.js';

const offeredBy = routeMark(OfferedBy);

const ELSEWHERE: Readonly<Record<'serve' | 'work', string>> = {
  serve: 'Accounts and domains are answered by another process of this region.',
  work: 'Secrets are answered by another process of this region.',
};

/**
 * Refuses the routes of the other role before anybody is signed in. The status is 421: browsers send such a request again
 * on a new connection (RFC 9110 section 15.5.20), which a balancer may lead to another process.
 */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(private readonly config: CellConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { role } = this.config;
    if (role === 'all') return true;
    if (isOffered(role, offeredBy(context))) return true;
    throw new AppError('misdirected', ELSEWHERE[role]);
  }
}

function isOffered(role: Exclude<Role, 'all'>, offer: Offer | undefined): boolean {
  return offer === 'every' || (offer === 'serve') === (role === 'serve');
}
