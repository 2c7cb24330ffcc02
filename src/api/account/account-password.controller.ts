import { Body, Delete, Get, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account, AccountId } from '../../accounts/account.js';
import { Passwords } from '../../accounts/password/passwords.service.js';
import type { Owner } from '../../accounts/sign-in/protected-changes.js';
import { CurrentOwner } from '../../auth/current-owner.decorator.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { setSessionCookie } from '../../auth/session-cookie.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import type { PasswordAnswer } from './sign-in-answers.js';
import { passwordSchema, type PasswordRequest } from './sign-in-requests.js';

/** The password of the account. A change gives the session a new cookie. */
@AccountRoutes('/password')
export class AccountPasswordController {
  constructor(private readonly passwords: Passwords) {}

  @Get()
  @ReadOnly()
  show(@SignedIn() { id }: Account): Promise<PasswordAnswer> {
    return this.#present(id);
  }

  @Put()
  @FreshSignIn('browsers only')
  async set(
    @CurrentOwner() owner: Owner,
    @Body({ schema: passwordSchema }) { password }: PasswordRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasswordAnswer> {
    const { sessionValue } = await this.passwords.set(owner, password);
    setSessionCookie(reply, sessionValue);
    return this.#present(owner.account.id);
  }

  @Delete()
  @FreshSignIn('browsers only')
  async remove(
    @CurrentOwner() owner: Owner,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasswordAnswer> {
    const { sessionValue } = await this.passwords.remove(owner);
    setSessionCookie(reply, sessionValue);
    return this.#present(owner.account.id);
  }

  async #present(id: AccountId): Promise<PasswordAnswer> {
    const changedAt = await this.passwords.changedAt(id);
    const record = { is_set: changedAt !== null, changed_at: changedAt?.toISOString() ?? null };
    return { user_id: id, record };
  }
}
