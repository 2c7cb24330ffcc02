import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { WebhookId } from '../../webhooks/webhook.js';
import { WebhooksService } from '../../webhooks/webhooks.service.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import { Acting } from './acting.decorator.js';
import type {
  NewWebhookAnswer,
  WebhookAnswer,
  WebhookAttemptsAnswer,
  WebhooksAnswer,
  WebhookTestAnswer,
} from './webhook-answers.js';
import { presentAttempt, presentWebhook } from './webhook-presenter.js';
import { WebhookRequestPipe } from './webhook-request.pipe.js';
import {
  changeWebhookSchema,
  createWebhookSchema,
  rotateWebhookSecretSchema,
  webhookAttemptsQuerySchema,
  webhookIdSchema,
  type ChangeWebhookRequest,
  type CreateWebhookRequest,
  type RotateWebhookSecretRequest,
  type WebhookAttemptsQuery,
} from './webhook-requests.js';

/** The webhooks of the caller's account. As with tokens there are no idempotency keys: an answer has the secret. */
@AccountRoutes('/webhooks', WebhookRequestPipe)
export class AccountWebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @ReadOnly()
  async list(@SignedIn() { id }: Account): Promise<WebhooksAnswer> {
    const records = (await this.webhooks.list(id)).map(presentWebhook);
    return { user_id: id, records, count: records.length };
  }

  @Post()
  async create(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Body({ schema: createWebhookSchema }) request: CreateWebhookRequest,
  ): Promise<NewWebhookAnswer> {
    const { webhook, secret } = await this.webhooks.create(id, request, actor);
    return { user_id: id, record: { ...presentWebhook(webhook), secret } };
  }

  @Get(':id')
  @ReadOnly()
  async show(
    @SignedIn() { id }: Account,
    @Param('id', { schema: webhookIdSchema }) webhookId: WebhookId,
  ): Promise<WebhookAnswer> {
    return { user_id: id, record: presentWebhook(await this.webhooks.get(id, webhookId)) };
  }

  @Patch(':id')
  async change(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: webhookIdSchema }) webhookId: WebhookId,
    @Body({ schema: changeWebhookSchema }) { is_enabled, ...change }: ChangeWebhookRequest,
  ): Promise<WebhookAnswer> {
    const request = { ...change, isEnabled: is_enabled };
    const webhook = await this.webhooks.change(id, webhookId, request, actor);
    return { user_id: id, record: presentWebhook(webhook) };
  }

  @Delete(':id')
  async remove(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: webhookIdSchema }) webhookId: WebhookId,
  ): Promise<WebhookAnswer> {
    const webhook = await this.webhooks.delete(id, webhookId, actor);
    return { user_id: id, record: presentWebhook(webhook) };
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  async rotateSecret(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @Param('id', { schema: webhookIdSchema }) webhookId: WebhookId,
    @Body({ schema: rotateWebhookSecretSchema }) { overlap }: RotateWebhookSecretRequest,
  ): Promise<NewWebhookAnswer> {
    const { webhook, secret } = await this.webhooks.rotate(id, webhookId, overlap, actor);
    return { user_id: id, record: { ...presentWebhook(webhook), secret } };
  }

  @Post(':id/test')
  @HttpCode(202)
  async test(
    @SignedIn() { id }: Account,
    @Param('id', { schema: webhookIdSchema }) webhookId: WebhookId,
  ): Promise<WebhookTestAnswer> {
    const eventId = await this.webhooks.test(id, webhookId);
    return { user_id: id, record: { event_id: eventId, type: 'webhook.test' } };
  }

  @Get(':id/deliveries')
  @ReadOnly()
  async deliveries(
    @SignedIn() { id }: Account,
    @Param('id', { schema: webhookIdSchema }) webhookId: WebhookId,
    @Query({ schema: webhookAttemptsQuerySchema }) request: WebhookAttemptsQuery,
  ): Promise<WebhookAttemptsAnswer> {
    const { attempts, nextCursor } = await this.webhooks.attempts(id, webhookId, request);
    const records = attempts.map(presentAttempt);
    return { user_id: id, records, count: records.length, next_cursor: nextCursor };
  }
}
