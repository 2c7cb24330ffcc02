import { Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignUps } from '../../accounts/links/sign-ups.service.js';
import { SecondSteps } from '../../accounts/sign-in/second-steps.service.js';
import { SignIns } from '../../accounts/sign-in/sign-ins.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { clearPendingCookie, readPendingCookie } from '../../auth/session-cookie.js';
import { AppError } from '../../shared/app-error.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { emailIn, readerOf, refusalOf, signedIn } from './signed-in.js';
import { CodePage, SignInPage } from './views/sign-in-pages.js';
import { VisitorPages } from './visitor-pages.decorator.js';

/** `/sign-in`: the address and the password, and `/sign-in/code`: the second factor. */
@VisitorPages('sign-in')
export class SignInPageController {
  constructor(
    private readonly signIns: SignIns,
    private readonly steps: SecondSteps,
    private readonly signUps: SignUps,
  ) {}

  @Get()
  form(@CurrentVisit() { caller, frame }: Visit): Page {
    if (caller.account !== null) return seeOther('/account');
    return pageOf(frame, SignInPage, { isSignUpOpen: this.signUps.isOpen });
  }

  @Post()
  @SameOriginOnly()
  async signIn(
    @CurrentVisit() { frame }: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const email = emailIn(sent);
    try {
      const password = sent.get('password') ?? '';
      return signedIn(
        reply,
        await this.signIns.byPassword(email, password, readerOf(visitor, frame)),
      );
    } catch (error) {
      const failed = refusalOf(frame.texts, error);
      if (failed === null) throw error;
      const props = { email, isSignUpOpen: this.signUps.isOpen };
      return pageOf(frame, SignInPage, { ...props, alert: failed.alert }, failed);
    }
  }

  @Get('code')
  async codeForm(@CurrentVisit() { frame }: Visit, @Req() { raw }: FastifyRequest): Promise<Page> {
    const pending = readPendingCookie(raw);
    if (pending === null || !(await this.steps.waits(pending))) return seeOther('/sign-in');
    return pageOf(frame, CodePage, {});
  }

  @Post('code')
  @SameOriginOnly()
  async code(
    @CurrentVisit() { frame }: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Req() { raw }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const pending = readPendingCookie(raw);
    if (pending === null) return seeOther('/sign-in');
    try {
      const text = (sent.get('code') ?? '').trim();
      const opened = await this.steps.complete(pending, text, readerOf(visitor, frame));
      clearPendingCookie(reply);
      return signedIn(reply, opened);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return seeOther('/sign-in');
      const failed = refusalOf(frame.texts, error);
      if (failed === null) throw error;
      return pageOf(frame, CodePage, { alert: failed.alert }, failed);
    }
  }
}
