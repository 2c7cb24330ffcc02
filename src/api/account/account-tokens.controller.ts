import { Body, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { TokenId } from '../../accounts/tokens/token-record.js';
import { TokensService, type Grantor } from '../../accounts/tokens/tokens.service.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import type { NewTokenAnswer, TokenAnswer, TokensAnswer } from './account-answers.js';
import { presentToken, presentTokens } from './account-presenter.js';
import {
  createTokenSchema,
  rotateTokenSchema,
  tokenIdSchema,
  type CreateTokenRequest,
  type RotateTokenRequest,
} from './account-requests.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import { Acting } from './acting.decorator.js';

/**
 * The API tokens of the caller's account. There are no idempotency keys here, because a kept answer would hold a token: a
 * creation that is sent again is refused by the token's name.
 */
@AccountRoutes('/tokens')
export class AccountTokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @ReadOnly()
  async list(@SignedIn() { id }: Account, @Acting() { actor }: Grantor): Promise<TokensAnswer> {
    const records = presentTokens(await this.tokens.list(id), actor.tokenId);
    return { user_id: id, records, count: records.length };
  }

  @Post()
  async create(
    @SignedIn() { id }: Account,
    @Acting() acting: Grantor,
    @Body({ schema: createTokenSchema }) { name, scopes, expires_in }: CreateTokenRequest,
  ): Promise<NewTokenAnswer> {
    const request = { name, scopes, expiresInSeconds: expires_in };
    const { token, value } = await this.tokens.create(id, request, acting);
    const record = presentToken(token, [], acting.actor.tokenId);
    return { user_id: id, record: { ...record, token: value } };
  }

  @Post(':id/rotate')
  @HttpCode(200)
  async rotate(
    @SignedIn() { id }: Account,
    @Acting() acting: Grantor,
    @Param('id', { schema: tokenIdSchema }) tokenId: TokenId,
    @Body({ schema: rotateTokenSchema }) { overlap, expires_in }: RotateTokenRequest,
  ): Promise<NewTokenAnswer> {
    const request = { overlapSeconds: overlap, expiresInSeconds: expires_in };
    const { token, value } = await this.tokens.rotate(id, tokenId, request, acting);
    const values = await this.tokens.list(id);
    const record = presentToken(token, values, acting.actor.tokenId);
    return { user_id: id, record: { ...record, token: value } };
  }

  @Delete(':id')
  async revoke(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: tokenIdSchema }) tokenId: TokenId,
  ): Promise<TokenAnswer> {
    const token = await this.tokens.revoke(id, tokenId, actor);
    return { user_id: id, record: presentToken(token, [], actor.tokenId) };
  }
}
