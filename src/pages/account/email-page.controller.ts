import { Get, Post, Query } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import { EmailChanges } from '../../accounts/email-change/email-changes.service.js';
import { requireFresh } from '../../accounts/sessions/fresh.js';
import { actingOf } from '../../auth/acting.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { hasText, type Texts } from '../messages/messages.js';
import { emailIn } from './signed-in.js';
import { EmailPage } from './views/email-page.js';

const CODE_LENGTH_MAX = 64;

/** `/account/email`: another address, once it is proven that both are read. */
@AccountPages('account/email', 'account')
export class EmailPageController {
  constructor(private readonly changes: EmailChanges) {}

  @Get()
  @Limited('account read')
  async show(@CurrentVisit() visit: Visit, @Query('done') done?: unknown): Promise<Page> {
    const { session } = visit.caller;
    const isDone = done !== undefined;
    const change = await this.changes.find(accountOf(visit.caller));
    // Before anything is typed; codes that are on their way need no fresh sign-in.
    if (change === null && !isDone && session !== null) requireFresh(session);
    return pageOf(visit.frame, EmailPage, { email: emailOf(visit), change, isDone });
  }

  @Post()
  @FreshSignIn('browsers')
  @Limited('email change')
  @SameOriginOnly()
  request(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const typed = emailIn(sent);
    return this.#orAgain(visit, typed, async (account) => {
      await this.changes.request(account, typed, actingOf(visit.caller).actor);
      return seeOther('/account/email');
    });
  }

  @Post('confirm')
  @Limited('account change')
  @SameOriginOnly()
  confirm(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const code = (sent.get('code') ?? '').slice(0, CODE_LENGTH_MAX);
    return this.#orAgain(visit, code, async (account) => {
      const confirmed = await this.changes.confirm(account, code, actingOf(visit.caller).actor);
      return seeOther(typeof confirmed === 'string' ? '/account/email?done' : '/account/email');
    });
  }

  @Post('cancel')
  @Limited('account change')
  @SameOriginOnly()
  async cancel(@CurrentVisit() { caller }: Visit): Promise<Page> {
    try {
      await this.changes.cancel(accountOf(caller), actingOf(caller).actor);
    } catch (error) {
      if (!isNonePending(error)) throw error;
    }
    return seeOther('/account');
  }

  /** A refusal that the person can do something about shows the form again, as it was typed. */
  async #orAgain(
    visit: Visit,
    typed: string,
    act: (account: Account) => Promise<Page>,
  ): Promise<Page> {
    const account = accountOf(visit.caller);
    try {
      return await act(account);
    } catch (error) {
      // It was cancelled, or its codes have ended.
      if (isNonePending(error)) return seeOther('/account/email');
      const failed = refusalOf(visit.frame.texts, error);
      if (failed === null) throw error;
      const change = await this.changes.find(account);
      const props = { email: emailOf(visit), change, typed, alert: failed.alert };
      return pageOf(visit.frame, EmailPage, props, failed);
    }
  }
}

function emailOf({ caller }: Visit): string {
  return accountOf(caller).email;
}

function isNonePending(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_found';
}

function refusalOf(texts: Texts, error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.reason === 'MAIL_NOT_CONFIGURED')
    return tryAgainLater(texts, error, texts('link.noMail'));
  const reason = error.code === 'account_exists' ? 'taken' : error.reason;
  const key = `email.refused.${reason}`;
  return hasText(key) ? { status: 400, headers: {}, alert: texts(key) } : null;
}
