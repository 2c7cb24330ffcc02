import { Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignUps } from '../../accounts/links/sign-ups.service.js';
import { PasskeySignIns } from '../../accounts/passkeys/passkey-sign-ins.service.js';
import { SecondSteps } from '../../accounts/sign-in/second-steps.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { clearPendingCookie, readPendingCookie } from '../../auth/session-cookie.js';
import { destinationOf, DESTINATION } from '../frame/destination.js';
import type { FormAlert } from '../frame/form-alert.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { PASSKEYS_SCRIPT } from '../frame/served-files.js';
import { credentialIn, jsonPage } from './passkey-wire.js';
import { readerOf, refusalOf, signedIn } from './signed-in.js';
import { CodePage, SignInAgainPage, SignInPage } from './views/sign-in-pages.js';
import { VisitorPages } from './visitor-pages.decorator.js';

const WITH_PASSKEYS = { script: PASSKEYS_SCRIPT } as const;

/** `/sign-in/passkey`: signing in with a passkey, from each page that asks who somebody is. */
@VisitorPages('sign-in/passkey')
export class PasskeySignInController {
  constructor(
    private readonly passkeys: PasskeySignIns,
    private readonly steps: SecondSteps,
    private readonly signUps: SignUps,
  ) {}

  /** For the script of those pages. */
  @Post('options')
  @SameOriginOnly()
  async options(): Promise<Page> {
    return jsonPage({ record: await this.passkeys.requestOptions() });
  }

  @Post()
  @SameOriginOnly()
  async signIn(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Req() { raw }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const to = destinationOf(sent.get(DESTINATION));
    const pending = readPendingCookie(raw);
    try {
      const reader = readerOf(visitor, visit.frame);
      const opened = await this.passkeys.signIn(credentialIn(sent), reader);
      if (pending !== null) clearPendingCookie(reply);
      return signedIn(reply, opened, to);
    } catch (error) {
      const failed = refusalOf(visit.frame.texts, error);
      if (failed === null) throw error;
      return this.#again(visit, pending, to, failed);
    }
  }

  /** The page that the form was on: of whoever is signed in, of a sign-in that waits for a code, or the first one. */
  async #again(
    { caller, frame }: Visit,
    pending: string | null,
    to: string,
    failed: FormAlert,
  ): Promise<Page> {
    const [answer, { alert }] = [{ ...failed, ...WITH_PASSKEYS }, failed];
    if (caller.account !== null)
      return pageOf(frame, SignInAgainPage, { email: caller.account.email, to, alert }, answer);
    const ways = pending === null ? null : await this.steps.waysOn(pending);
    if (ways !== null) return pageOf(frame, CodePage, { to, alert, ...ways }, answer);
    const isSignUpOpen = this.signUps.isOpen;
    return pageOf(frame, SignInPage, { to, alert, isSignUpOpen }, answer);
  }
}
