import { Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignUps } from '../../accounts/links/sign-ups.service.js';
import { SecondSteps } from '../../accounts/sign-in/second-steps.service.js';
import { SignIns } from '../../accounts/sign-in/sign-ins.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { clearPendingCookie, readPendingCookie } from '../../auth/session-cookie.js';
import { AppError } from '../../shared/app-error.js';
import { destinationOf, DESTINATION, leadingTo } from '../frame/destination.js';
import type { FormAlert } from '../frame/form-alert.js';
import type { PageFrame } from '../frame/frame.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { PASSKEYS_SCRIPT } from '../frame/served-files.js';
import { emailIn, readerOf, refusalOf, signedIn } from './signed-in.js';
import { CodePage, SignInPage } from './views/sign-in-pages.js';
import { VisitorPages } from './visitor-pages.decorator.js';

const WITH_PASSKEYS = { script: PASSKEYS_SCRIPT } as const;

/** `/sign-in`: the address and the password, and `/sign-in/code`: the second factor. */
@VisitorPages('sign-in')
export class SignInPageController {
  constructor(
    private readonly signIns: SignIns,
    private readonly steps: SecondSteps,
    private readonly signUps: SignUps,
  ) {}

  @Get()
  form(@CurrentVisit() { caller, frame }: Visit, @Query(DESTINATION) wanted: unknown): Page {
    const to = destinationOf(wanted);
    if (caller.account !== null) return seeOther(to);
    return pageOf(frame, SignInPage, { to, isSignUpOpen: this.signUps.isOpen }, WITH_PASSKEYS);
  }

  @Post()
  @SameOriginOnly()
  async signIn(
    @CurrentVisit() { frame }: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const [email, to] = [emailIn(sent), destinationOf(sent.get(DESTINATION))];
    try {
      const password = sent.get('password') ?? '';
      const outcome = await this.signIns.byPassword(email, password, readerOf(visitor, frame));
      return signedIn(reply, outcome, to);
    } catch (error) {
      const failed = refusalOf(frame.texts, error);
      if (failed === null) throw error;
      const props = { email, to, isSignUpOpen: this.signUps.isOpen, alert: failed.alert };
      return pageOf(frame, SignInPage, props, { ...failed, ...WITH_PASSKEYS });
    }
  }

  @Get('code')
  async codeForm(
    @CurrentVisit() { frame }: Visit,
    @Query(DESTINATION) wanted: unknown,
    @Req() { raw }: FastifyRequest,
  ): Promise<Page> {
    const pending = readPendingCookie(raw);
    const to = destinationOf(wanted);
    return (await this.#codePage(frame, pending, to)) ?? seeOther(leadingTo('/sign-in', to));
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
    const to = destinationOf(sent.get(DESTINATION));
    const ended = seeOther(leadingTo('/sign-in', to));
    if (pending === null) return ended;
    try {
      const text = (sent.get('code') ?? '').trim();
      const opened = await this.steps.complete(pending, text, readerOf(visitor, frame));
      clearPendingCookie(reply);
      return signedIn(reply, opened, to);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return ended;
      const failed = refusalOf(frame.texts, error);
      if (failed === null) throw error;
      const again = await this.#codePage(frame, pending, to, failed);
      if (again !== null) return again;
      // That was the last try.
      const alert = frame.texts('code.ended');
      const props = { to, alert, isSignUpOpen: this.signUps.isOpen };
      return pageOf(frame, SignInPage, props, { ...failed, ...WITH_PASSKEYS });
    }
  }

  /** Null when the sign-in does not wait for a code any more. */
  async #codePage(
    frame: PageFrame,
    pending: string | null,
    to: string,
    failed?: FormAlert,
  ): Promise<Page | null> {
    const ways = pending === null ? null : await this.steps.waysOn(pending);
    if (ways === null) return null;
    const props = { to, ...ways, ...(failed && { alert: failed.alert }) };
    return pageOf(frame, CodePage, props, { ...failed, ...WITH_PASSKEYS });
  }
}
