import { Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SignIns } from '../../accounts/sign-in/sign-ins.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { destinationOf, DESTINATION, leadingTo } from '../frame/destination.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { PASSKEYS_SCRIPT } from '../frame/served-files.js';
import { readerOf, refusalOf, signedIn } from './signed-in.js';
import { SignInAgainPage } from './views/sign-in-pages.js';
import { VisitorPages } from './visitor-pages.decorator.js';

const WITH_PASSKEYS = { script: PASSKEYS_SCRIPT } as const;

/** `/sign-in/again`: whoever is signed in shows it once more (docs/decisions/0029), and goes on where it was asked for. */
@VisitorPages('sign-in/again')
export class SignInAgainController {
  constructor(private readonly signIns: SignIns) {}

  @Get()
  form(@CurrentVisit() { caller, frame }: Visit, @Query(DESTINATION) wanted: unknown): Page {
    const to = destinationOf(wanted);
    const { account, session } = caller;
    if (account === null || session === null) return seeOther(leadingTo('/sign-in', to));
    if (session.isFresh) return seeOther(to);
    return pageOf(frame, SignInAgainPage, { email: account.email, to }, WITH_PASSKEYS);
  }

  /** As the account that is signed in, whatever the form says. */
  @Post()
  @SameOriginOnly()
  async signIn(
    @CurrentVisit() { caller: { account }, frame }: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const to = destinationOf(sent.get(DESTINATION));
    if (account === null) return seeOther(leadingTo('/sign-in', to));
    const { email } = account;
    try {
      const password = sent.get('password') ?? '';
      const outcome = await this.signIns.byPassword(email, password, readerOf(visitor, frame));
      return signedIn(reply, outcome, to);
    } catch (error) {
      const failed = refusalOf(frame.texts, error);
      if (failed === null) throw error;
      const props = { email, to, alert: failed.alert };
      return pageOf(frame, SignInAgainPage, props, { ...failed, ...WITH_PASSKEYS });
    }
  }
}
