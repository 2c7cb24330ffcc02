import { Injectable, type ExecutionContext, type Type } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.js';
import { AccountsService, type SignedIn } from '../accounts/accounts.service.js';
import type { Region } from '../config/region.js';
import { emailKeyOf } from '../accounts/email-address.js';
import { TokenUses } from '../accounts/tokens/token-uses.js';
import { SignInLimits } from '../limits/sign-in-limits.js';
import { AppError } from '../shared/app-error.js';
import { isAnonymous, readBasicCredentials } from './basic-credentials.js';
import type { BasicGuard } from './basic.guard.js';
import { notAuthorized } from './not-authorized.js';
import { requestOf } from './route-mark.js';
import { SessionSignIn } from './session-sign-in.js';
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
  return { strategy: strategyNamed(name), guard: guardNamed(name) };
}

function strategyNamed(name: string): BasicAuth['strategy'] {
  @Injectable()
  class RegionBasicStrategy extends PassportStrategy(StrictBasicStrategy, name) {
    constructor(private readonly accounts: AccountsService) {
      super();
    }

    validate(email: string, token: string): Promise<SignedIn | null> {
      return this.accounts.authenticate(email, token);
    }
  }

  return RegionBasicStrategy;
}

function guardNamed(name: string): BasicAuth['guard'] {
  @Injectable()
  class RegionBasicGuard extends AuthGuard(name) {
    constructor(
      private readonly signIns: SignInLimits,
      private readonly uses: TokenUses,
      private readonly sessions: SessionSignIn,
    ) {
      super();
    }

    override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
      return isAnonymous(requestOf(context).raw)
        ? this.sessions.signIn(context)
        : this.signInBy(context);
    }

    async signInBy(context: ExecutionContext): Promise<boolean> {
      const request = requestOf(context);
      const credentials = readBasicCredentials(request.raw);
      if (credentials === null) throw notAuthorized();
      const login = emailKeyOf(credentials.email);
      this.signIns.admit(request.client, login);
      try {
        const isSignedIn = (await super.canActivate(context)) as boolean;
        this.signIns.succeeded(request.client, login);
        return isSignedIn;
      } catch (error) {
        if (isRefusal(error)) this.signIns.failed(request.client, login);
        throw error;
      }
    }

    override getAuthenticateOptions(): { property: keyof FastifyRequest } {
      return { property: 'account' };
    }

    /** What it returns becomes `request.account`. */
    override handleRequest<Found>(
      error: unknown,
      signedIn: SignedIn | false,
      _info: unknown,
      context: ExecutionContext,
    ): Found {
      if (error) throw error;
      if (!signedIn) throw notAuthorized();
      return accountOf(signedIn, context, this.uses) as Found;
    }
  }

  return RegionBasicGuard;
}

/** Keeps the token for the guards after this one, and its use. */
function accountOf(
  { account, token, unusedHash }: SignedIn,
  context: ExecutionContext,
  uses: TokenUses,
): Account {
  const request = requestOf(context);
  request.token = token;
  if (unusedHash !== null) uses.note(unusedHash, request.network);
  return account;
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_authorized';
}
