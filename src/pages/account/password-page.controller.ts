import { Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Passwords } from '../../accounts/password/passwords.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import type { Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { AccountSecurity, changed } from './account-security.js';

/** The forms of the password on `/account/security`. */
@AccountPages('account/security/password', 'account')
@Limited('account change')
@SameOriginOnly()
export class PasswordPageController {
  constructor(
    private readonly security: AccountSecurity,
    private readonly passwords: Passwords,
  ) {}

  @Post()
  set(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    return this.security.change({ visit, visitor }, { form: 'password' }, async (owner) =>
      changed(reply, await this.passwords.set(owner, sent.get('password') ?? '')),
    );
  }

  @Post('remove')
  remove(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    return this.security.change({ visit, visitor }, { form: null }, async (owner) =>
      changed(reply, await this.passwords.remove(owner)),
    );
  }
}
