import { Body, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account, AccountId } from '../../accounts/account.js';
import {
  SecondFactors,
  type SecondFactorState,
} from '../../accounts/second-factor/second-factors.service.js';
import type { Owner } from '../../accounts/sign-in/protected-changes.js';
import { CurrentOwner } from '../../auth/current-owner.decorator.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { setSessionCookie } from '../../auth/session-cookie.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import type { RecoveryCodesAnswer, SecondFactorAnswer, TotpAnswer } from './sign-in-answers.js';
import { codeSchema, type CodeRequest } from './sign-in-requests.js';

/** The authenticator app of the account and its recovery codes. A change gives the session a new cookie. */
@AccountRoutes('/second-factor')
export class AccountSecondFactorController {
  constructor(private readonly factors: SecondFactors) {}

  @Get()
  @ReadOnly()
  show(@SignedIn() { id }: Account): Promise<SecondFactorAnswer> {
    return this.#present(id);
  }

  /** It does not count before it is confirmed. */
  @Post()
  @HttpCode(200)
  @FreshSignIn('browsers only')
  async begin(@CurrentOwner() owner: Owner): Promise<TotpAnswer> {
    return { user_id: owner.account.id, record: { ...(await this.factors.begin(owner)) } };
  }

  @Post('confirm')
  @HttpCode(200)
  @FreshSignIn('browsers only')
  async confirm(
    @CurrentOwner() owner: Owner,
    @Body({ schema: codeSchema }) { code }: CodeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodesAnswer> {
    const { result, sessionValue } = await this.factors.confirm(owner, code);
    setSessionCookie(reply, sessionValue);
    return { user_id: owner.account.id, record: { recovery_codes: result } };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @FreshSignIn('browsers only')
  async renewCodes(
    @CurrentOwner() owner: Owner,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RecoveryCodesAnswer> {
    const { result, sessionValue } = await this.factors.renewCodes(owner);
    setSessionCookie(reply, sessionValue);
    return { user_id: owner.account.id, record: { recovery_codes: result } };
  }

  @Delete()
  @FreshSignIn('browsers only')
  async remove(
    @CurrentOwner() owner: Owner,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SecondFactorAnswer> {
    const { sessionValue } = await this.factors.remove(owner);
    setSessionCookie(reply, sessionValue);
    return this.#present(owner.account.id);
  }

  async #present(id: AccountId): Promise<SecondFactorAnswer> {
    return { user_id: id, record: presentSecondFactor(await this.factors.state(id)) };
  }
}

function presentSecondFactor({
  confirmedAt,
  recoveryCodesLeft,
}: SecondFactorState): SecondFactorAnswer['record'] {
  return {
    is_on: confirmedAt !== null,
    since: confirmedAt?.toISOString() ?? null,
    recovery_codes_left: recoveryCodesLeft,
  };
}
