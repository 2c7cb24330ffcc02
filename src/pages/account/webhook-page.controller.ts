import { Get, Param, Post, Query } from '@nestjs/common';
import { actingOf } from '../../auth/acting.js';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import type { WebhookId } from '../../webhooks/webhook.js';
import { WebhooksService } from '../../webhooks/webhooks.service.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { overlapIn } from './overlaps.js';
import { WebhookPage } from './views/webhook-page.js';
import { WebhookSecretPage } from './views/webhook-secret-page.js';
import {
  typedWebhook,
  webhookIn,
  webhookRefusal,
  type TypedWebhook,
  type WebhookRefusal,
} from './webhook-form.js';
import { WebhookIdPipe } from './webhook-id.pipe.js';

const PER_PAGE = 25;

/** What a page of one webhook shows beside it. */
interface Shown {
  readonly cursor?: string | null;
  readonly isTestSent?: boolean;
  readonly typed?: TypedWebhook;
  readonly refusal?: WebhookRefusal;
}

/** `/account/webhooks/ID`: one of them, what was sent to it, and all that can be done with it. */
@AccountPages('account/webhooks/:id', 'account')
export class WebhookPageController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @Scoped('read')
  @Limited('account read')
  show(
    @CurrentVisit() visit: Visit,
    @Param('id', WebhookIdPipe) id: WebhookId,
    @Query('cursor') cursor?: unknown,
    @Query('test') test?: unknown,
  ): Promise<Page> {
    const isTestSent = test === 'sent';
    return this.#show(visit, id, {
      cursor: typeof cursor === 'string' ? cursor : null,
      isTestSent,
    });
  }

  @Post()
  @Limited('account change')
  @SameOriginOnly()
  change(
    @CurrentVisit() visit: Visit,
    @Param('id', WebhookIdPipe) id: WebhookId,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const typed = typedWebhook(sent);
    const request = webhookIn(typed);
    if (typeof request === 'string') return this.#show(visit, id, { typed, refusal: request });
    return this.#orAgain(visit, id, typed, async () => {
      const { caller } = visit;
      await this.webhooks.change(accountOf(caller).id, id, request, actingOf(caller).actor);
      return seeOther(pathOf(id));
    });
  }

  @Post('switch')
  @Limited('account change')
  @SameOriginOnly()
  async switch(
    @CurrentVisit() { caller }: Visit,
    @Param('id', WebhookIdPipe) id: WebhookId,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const isEnabled = sent.get('to') === 'on';
    await this.webhooks.change(accountOf(caller).id, id, { isEnabled }, actingOf(caller).actor);
    return seeOther(pathOf(id));
  }

  @Post('test')
  @Limited('account change')
  @SameOriginOnly()
  test(@CurrentVisit() visit: Visit, @Param('id', WebhookIdPipe) id: WebhookId): Promise<Page> {
    return this.#orAgain(visit, id, undefined, async () => {
      await this.webhooks.test(accountOf(visit.caller).id, id);
      return seeOther(`${pathOf(id)}?test=sent`);
    });
  }

  /** The answer has the secret, so it is no redirect. */
  @Post('secret')
  @Limited('account change')
  @SameOriginOnly()
  async rotate(
    @CurrentVisit() { caller, frame }: Visit,
    @Param('id', WebhookIdPipe) id: WebhookId,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const { actor } = actingOf(caller);
    const made = await this.webhooks.rotate(accountOf(caller).id, id, overlapIn(sent), actor);
    return pageOf(frame, WebhookSecretPage, made);
  }

  @Post('remove')
  @Limited('account change')
  @SameOriginOnly()
  async remove(
    @CurrentVisit() { caller }: Visit,
    @Param('id', WebhookIdPipe) id: WebhookId,
  ): Promise<Page> {
    await this.webhooks.delete(accountOf(caller).id, id, actingOf(caller).actor);
    return seeOther('/account/webhooks');
  }

  async #orAgain(
    visit: Visit,
    id: WebhookId,
    typed: TypedWebhook | undefined,
    act: () => Promise<Page>,
  ): Promise<Page> {
    try {
      return await act();
    } catch (error) {
      const refusal = webhookRefusal(error);
      if (refusal === null) throw error;
      return this.#show(visit, id, typed === undefined ? { refusal } : { typed, refusal });
    }
  }

  async #show(
    { caller, frame }: Visit,
    id: WebhookId,
    { cursor = null, isTestSent = false, typed, refusal }: Shown,
  ): Promise<Page> {
    const { id: accountId } = accountOf(caller);
    const webhook = await this.webhooks.get(accountId, id);
    const log = await this.webhooks.attempts(accountId, id, { limit: PER_PAGE, cursor });
    const alert = refusal && frame.texts(refusal);
    const props = { webhook, ...log, isFirst: cursor === null, isTestSent, typed, alert };
    return pageOf(frame, WebhookPage, props, refusal && { status: 400 });
  }
}

function pathOf(id: WebhookId): string {
  return `/account/webhooks/${id}`;
}
