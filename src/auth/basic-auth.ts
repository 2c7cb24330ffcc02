import { Injectable, type ExecutionContext, type Type } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.js';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Region } from '../config/region.js';
import { emailKeyOf } from '../accounts/email-address.js';
import { SignInLimits } from '../limits/sign-in-limits.js';
import { AppError } from '../shared/app-error.js';
import { isAnonymous, readBasicCredentials } from './basic-credentials.js';
import type { BasicGuard } from './basic.guard.js';
import { notAuthorized } from './not-authorized.js';
import { StrictBasicStrategy } from './strict-basic.strategy.js';

/** HTTP Basic in one region, as two providers of its cell. */
export interface BasicAuth {
  readonly strategy: Type<StrictBasicStrategy>;
  readonly guard: Type<BasicGuard>;
}

/**
 * passport keeps one list of strategies for the process, and of two with one name the later replaces the earlier. The
 * region in the name keeps each cell's requests to its own accounts (docs/decisions/0008).
 */
export function basicAuth(region: Region): BasicAuth {
  const name = `basic:${region}`;

  @Injectable()
  class RegionBasicStrategy extends PassportStrategy(StrictBasicStrategy, name) {
    constructor(private readonly accounts: AccountsService) {
      super();
    }

    validate(email: string, token: string): Promise<Account | null> {
      return this.accounts.authenticate(email, token);
    }
  }

  @Injectable()
  class RegionBasicGuard extends AuthGuard(name) {
    constructor(private readonly signIns: SignInLimits) {
      super();
    }

    override async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      if (isAnonymous(request.raw)) {
        request.account = null;
        return true;
      }
      const credentials = readBasicCredentials(request.raw);
      if (credentials === null) throw notAuthorized();
      const login = emailKeyOf(credentials.email);
      this.signIns.admit(request.client, login);
      try {
        const isSignedIn = (await super.canActivate(context)) as boolean;
        this.signIns.succeeded(request.client, login);
        return isSignedIn;
      } catch (error) {
        const isFailure = error instanceof AppError && error.code === 'not_authorized';
        if (isFailure) this.signIns.failed(request.client, login);
        throw error;
      }
    }

    override getAuthenticateOptions(): { property: keyof FastifyRequest } {
      return { property: 'account' };
    }

    override handleRequest<Found>(error: unknown, account: Found): Found {
      if (error) throw error;
      if (!account) throw notAuthorized();
      return account;
    }
  }

  return { strategy: RegionBasicStrategy, guard: RegionBasicGuard };
}
