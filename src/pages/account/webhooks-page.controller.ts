import { Get, Post } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { actingOf } from '../../auth/acting.js';
import { Limited } from '../../limits/limited.decorator.js';
import { WebhooksService } from '../../webhooks/webhooks.service.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { WebhooksPage } from './views/webhooks-page.js';
import { WebhookSecretPage } from './views/webhook-secret-page.js';
import {
  typedWebhook,
  webhookIn,
  webhookRefusal,
  type TypedWebhook,
  type WebhookRefusal,
} from './webhook-form.js';

/** `/account/webhooks`: the list, and making one. */
@AccountPages('account/webhooks', 'account')
export class WebhooksPageController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Scoped('read')
  @Limited('account read')
  list(@CurrentVisit() visit: Visit): Promise<Page> {
    return this.#list(visit);
  }

  /** The answer has the secret, so it is no redirect. Sent again it is refused by the webhook's name. */
  @Post()
  @Limited('account change')
  @SameOriginOnly()
  async create(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const { caller, frame } = visit;
    const typed = typedWebhook(sent);
    const request = webhookIn(typed);
    if (typeof request === 'string') return this.#list(visit, typed, request);
    try {
      const { actor } = actingOf(caller);
      const made = await this.webhooks.create(accountOf(caller).id, request, actor);
      return pageOf(frame, WebhookSecretPage, made);
    } catch (error) {
      const refusal = webhookRefusal(error);
      if (refusal === null) throw error;
      return this.#list(visit, typed, refusal);
    }
  }

  async #list(
    { caller, frame }: Visit,
    typed?: TypedWebhook,
    refusal?: WebhookRefusal,
  ): Promise<Page> {
    const webhooks = await this.webhooks.list(accountOf(caller).id);
    const alert = refusal && frame.texts(refusal);
    return pageOf(frame, WebhooksPage, { webhooks, typed, alert }, refusal && { status: 400 });
  }
}
