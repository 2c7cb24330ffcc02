import { Body, Delete, Get, HttpCode, Injectable, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Account } from '../../accounts/account.js';
import type { PasskeyId, PasskeyRecord } from '../../accounts/passkeys/passkey.js';
import { Passkeys } from '../../accounts/passkeys/passkeys.service.js';
import type { Owner } from '../../accounts/sign-in/protected-changes.js';
import { CurrentOwner } from '../../auth/current-owner.decorator.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { setSessionCookie } from '../../auth/session-cookie.js';
import { DomainRequestPipe } from '../domains/domain-request.pipe.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import type { PasskeyAnswer, PasskeyOptionsAnswer, PasskeysAnswer } from './sign-in-answers.js';
import {
  passkeyIdSchema,
  passkeyNameSchema,
  passkeySchema,
  type PasskeyNameRequest,
  type PasskeyRequest,
} from './sign-in-requests.js';

@Injectable()
class PasskeyRequestPipe extends DomainRequestPipe {
  protected override readonly unknownId = 'Passkey not found';
}

/** The passkeys of the account. Adding and removing one gives the session a new cookie. */
@AccountRoutes('/passkeys', PasskeyRequestPipe)
export class AccountPasskeysController {
  constructor(private readonly passkeys: Passkeys) {}

  @Get()
  @ReadOnly()
  async list(@SignedIn() { id }: Account): Promise<PasskeysAnswer> {
    const records = (await this.passkeys.list(id)).map(presentPasskey);
    return { user_id: id, records, count: records.length };
  }

  @Post('options')
  @HttpCode(200)
  @FreshSignIn('browsers only')
  async options(@CurrentOwner() owner: Owner): Promise<PasskeyOptionsAnswer> {
    const options = await this.passkeys.creationOptions(owner);
    return { user_id: owner.account.id, record: { ...options } };
  }

  @Post()
  @FreshSignIn('browsers only')
  async add(
    @CurrentOwner() owner: Owner,
    @Body({ schema: passkeySchema }) { name, response }: PasskeyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasskeyAnswer> {
    const { result, sessionValue } = await this.passkeys.add(owner, name, response);
    setSessionCookie(reply, sessionValue);
    return { user_id: owner.account.id, record: presentPasskey(result) };
  }

  @Patch(':id')
  @FreshSignIn('browsers only')
  async rename(
    @CurrentOwner() owner: Owner,
    @Param('id', { schema: passkeyIdSchema }) passkeyId: PasskeyId,
    @Body({ schema: passkeyNameSchema }) { name }: PasskeyNameRequest,
  ): Promise<PasskeyAnswer> {
    const passkey = await this.passkeys.rename(owner, passkeyId, name);
    return { user_id: owner.account.id, record: presentPasskey(passkey) };
  }

  @Delete(':id')
  @FreshSignIn('browsers only')
  async remove(
    @CurrentOwner() owner: Owner,
    @Param('id', { schema: passkeyIdSchema }) passkeyId: PasskeyId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PasskeyAnswer> {
    const { result, sessionValue } = await this.passkeys.remove(owner, passkeyId);
    setSessionCookie(reply, sessionValue);
    return { user_id: owner.account.id, record: presentPasskey(result) };
  }
}

function presentPasskey({
  id,
  name,
  createdAt,
  lastUsedOn,
}: PasskeyRecord): PasskeyAnswer['record'] {
  return { id, name, created_at: createdAt.toISOString(), last_used_on: lastUsedOn };
}
