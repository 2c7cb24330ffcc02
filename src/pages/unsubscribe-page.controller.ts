import { Controller, Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { Scoped } from '../auth/scoped.decorator.js';
import { Limited } from '../limits/limited.decorator.js';
import type { Subscription } from '../mail/mail-list.js';
import { MailRefusals } from '../mail/mail-refusals.js';
import { UnsubscribeTokens } from '../mail/unsubscribe-tokens.js';
import { AppError } from '../shared/app-error.js';
import { languageOf } from '../shared/language.js';
import { pageOf, type Page } from './page.js';
import { PageForm, type SentForm } from './page-form.js';
import { PageInterceptor } from './page.interceptor.js';
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
  async show(@Param('key') token: string, @Query('language') language: unknown): Promise<Page> {
    const subscription = this.#read(token);
    const isRefused = await this.refusals.has(subscription);
    return pageFor(subscription, { token, language, isRefused });
  }

  @Post(':key')
  @Scoped('account')
  async change(
    @Param('key') token: string,
    @Query('language') language: unknown,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const subscription = this.#read(token);
    const isRefused = sent.get('again') === null;
    if (isRefused) await this.refusals.add(subscription);
    else await this.refusals.remove(subscription);
    return pageFor(subscription, { token, language, isRefused });
  }

  #read(token: string): Subscription {
    const subscription = this.tokens.read(token);
    if (subscription === null) throw new AppError('not_found', 'There is no such page.');
    return subscription;
  }
}

function pageFor(
  { list }: Subscription,
  asked: { readonly token: string; readonly language: unknown; readonly isRefused: boolean },
): Page {
  const language = languageOf(typeof asked.language === 'string' ? asked.language : null);
  const path = `/unsubscribe/${asked.token}?language=${language}`;
  return pageOf(UnsubscribePage({ list, isRefused: asked.isRefused, path, language }));
}
