import { Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../../auth/scoped.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import type { Subscription } from '../../mail/mail-list.js';
import { MailRefusals } from '../../mail/mail-refusals.js';
import { UnsubscribeTokens } from '../../mail/unsubscribe-tokens.js';
import { AppError } from '../../shared/app-error.js';
import type { PageFrame } from '../frame/frame.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { PageInterceptor } from '../frame/page.interceptor.js';
import { UnsubscribePage } from './views/unsubscribe-page.js';

/**
 * `/unsubscribe/TOKEN` of a mail: its reader refuses such mails, and may ask for them again. Mail programs send the POST
 * by themselves (RFC 8058), without cookies and without Origin, so it is taken from anywhere: the token is the proof.
 */
@Controller('unsubscribe')
@Limited('open')
@UseInterceptors(PageInterceptor)
export class UnsubscribePageController {
  constructor(
    private readonly tokens: UnsubscribeTokens,
    private readonly refusals: MailRefusals,
  ) {}

  /** Changes nothing: programs that scan mails load what is linked. */
  @Get(':key')
  @Scoped('read')
  async show(@CurrentVisit() { frame }: Visit, @Param('key') token: string): Promise<Page> {
    const subscription = this.#read(token);
    const isRefused = await this.refusals.has(subscription);
    return pageFor(frame, subscription, { token, isRefused });
  }

  @Post(':key')
  @Scoped('account')
  async change(
    @CurrentVisit() { frame }: Visit,
    @Param('key') token: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const subscription = this.#read(token);
    const isRefused = sent.get('again') === null;
    if (isRefused) await this.refusals.add(subscription);
    else await this.refusals.remove(subscription);
    return pageFor(frame, subscription, { token, isRefused });
  }

  #read(token: string): Subscription {
    const subscription = this.tokens.read(token);
    if (subscription === null) throw new AppError('not_found', 'There is no such page.');
    return subscription;
  }
}

function pageFor(
  frame: PageFrame,
  { list }: Subscription,
  { token, isRefused }: { readonly token: string; readonly isRefused: boolean },
): Page {
  const path = `/unsubscribe/${token}?lang=${frame.language}`;
  return pageOf(frame, UnsubscribePage, { list, isRefused, path });
}
