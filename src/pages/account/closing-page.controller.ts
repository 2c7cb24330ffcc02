import { Get, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { emailKeyOf } from '../../accounts/email-address.js';
import { actingOf } from '../../auth/acting.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { clearSessionCookie } from '../../auth/session-cookie.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AccountClosing } from '../../secrets/account-closing.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import type { MessageKeyOf } from '../messages/messages.js';
import { ClosingPage } from './views/closing-page.js';

/** `/account/close`: what is lost with the account, and closing it. */
@AccountPages('account/close', 'account')
export class ClosingPageController {
  constructor(private readonly closing: AccountClosing) {}

  @Get()
  @FreshSignIn('browsers')
  @Limited('account read')
  show(@CurrentVisit() visit: Visit): Promise<Page> {
    return this.#show(visit);
  }

  /** The form has what its reader has seen: what was added since is not closed with the rest. */
  @Post()
  @FreshSignIn('browsers')
  @Limited('account change')
  @SameOriginOnly()
  async close(
    @CurrentVisit() visit: Visit,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const account = accountOf(visit.caller);
    const typed = (sent.get('email') ?? '').trim();
    if (emailKeyOf(typed) !== emailKeyOf(account.email)) return this.#show(visit, 'close.wrong');
    try {
      const { actor } = actingOf(visit.caller);
      await this.closing.close(account, sent.get('confirmation') ?? '', actor);
    } catch (error) {
      const isOld = error instanceof AppError && error.field === 'confirmation';
      if (!isOld) throw error;
      return this.#show(visit, 'close.changed');
    }
    clearSessionCookie(reply);
    return seeOther('/account/closed');
  }

  async #show({ caller, frame }: Visit, refusal?: MessageKeyOf<'close'>): Promise<Page> {
    const account = accountOf(caller);
    const preview = await this.closing.preview(account);
    const props = { email: account.email, preview, alert: refusal && frame.texts(refusal) };
    return pageOf(frame, ClosingPage, props, refusal && { status: 400 });
  }
}
