import { Get, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SecondFactors } from '../../accounts/second-factor/second-factors.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { signInAgainPath } from '../frame/destination.js';
import type { FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import {
  AccountSecurity,
  changed,
  mustSignInAgain,
  ownerOf,
  SECURITY_PATH,
  withNewValue,
} from './account-security.js';
import { refusalOf } from './signed-in.js';
import { AuthenticatorPage } from './views/authenticator-page.js';
import { RecoveryCodesPage } from './views/recovery-codes-page.js';

const APP_PATH = `${SECURITY_PATH}/app`;

/** `/account/security/app`: the authenticator app, from its secret to its end. */
@AccountPages('account/security/app', 'account')
export class AuthenticatorPageController {
  constructor(
    private readonly security: AccountSecurity,
    private readonly factors: SecondFactors,
  ) {}

  /** What was begun, so that the page may be loaded again: the secret stays what the app has. */
  @Get()
  @Limited('account read')
  show(@CurrentVisit() visit: Visit, @CurrentVisitor() visitor: Visitor): Promise<Page> {
    return this.#setUpPage(visit, visitor);
  }

  @Post()
  @Limited('account change')
  @SameOriginOnly()
  begin(@CurrentVisit() visit: Visit, @CurrentVisitor() visitor: Visitor): Promise<Page> {
    return this.security.change({ visit, visitor }, { form: null }, async (owner) => {
      await this.factors.begin(owner);
      return seeOther(APP_PATH);
    });
  }

  /** The answer has the recovery codes, so it is no redirect. */
  @Post('confirm')
  @Limited('account change')
  @SameOriginOnly()
  async confirm(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    try {
      const owner = ownerOf(visit, visitor);
      const { result, sessionValue } = await this.factors.confirm(owner, sent.get('code') ?? '');
      const frame = withNewValue(visit.frame, reply, sessionValue);
      return pageOf(frame, RecoveryCodesPage, { codes: result, isNew: true });
    } catch (error) {
      if (mustSignInAgain(error)) return seeOther(signInAgainPath(APP_PATH));
      const failed = refusalOf(visit.frame.texts, error);
      if (failed === null) throw error;
      return this.#setUpPage(visit, visitor, failed);
    }
  }

  @Post('remove')
  @Limited('account change')
  @SameOriginOnly()
  remove(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    return this.security.change({ visit, visitor }, { form: null }, async (owner) =>
      changed(reply, await this.factors.remove(owner)),
    );
  }

  async #setUpPage(visit: Visit, visitor: Visitor, failed?: FormAlert): Promise<Page> {
    if (visit.caller.session?.isFresh !== true) return seeOther(signInAgainPath(APP_PATH));
    const setUp = await this.factors.begun(ownerOf(visit, visitor));
    if (setUp === null) return seeOther(SECURITY_PATH);
    const props = { ...setUp, ...(failed && { alert: failed.alert }) };
    return pageOf(visit.frame, AuthenticatorPage, props, failed);
  }
}
