import { Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AccountLink } from '../../accounts/links/account-link.store.js';
import { PASSWORD_LINK_PATH, SIGN_UP_LINK_PATH } from '../../accounts/links/link-token.js';
import { NewPasswords } from '../../accounts/links/new-passwords.service.js';
import { PasskeySignUps } from '../../accounts/links/passkey-sign-ups.service.js';
import { SignUps } from '../../accounts/links/sign-ups.service.js';
import type { SignInOutcome } from '../../accounts/sign-in/sign-in.store.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { AppError } from '../../shared/app-error.js';
import type { FormAlert } from '../frame/form-alert.js';
import type { PageFrame } from '../frame/frame.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { PASSKEYS_SCRIPT } from '../frame/served-files.js';
import { ErrorPage } from '../public/views/error-page.js';
import { credentialIn, jsonPage, passkeyNameIn } from './passkey-wire.js';
import { emailIn, readerOf, refusalOf, signedIn } from './signed-in.js';
import {
  AskForLinkPage,
  LinkSentPage,
  NewPasswordPage,
  type AskForLinkPageProps,
} from './views/sign-in-pages.js';
import { VisitorPages } from './visitor-pages.decorator.js';

/** What SignUps and NewPasswords have in common. */
interface MailedLinks {
  request(email: string, visitor: Visitor): Promise<void>;
  find(token: string): Promise<AccountLink>;
  complete(token: string, password: string, visitor: Visitor): Promise<SignInOutcome>;
}

type Purpose = AskForLinkPageProps['purpose'];

interface LinkForm {
  readonly visit: Visit;
  readonly visitor: Visitor;
  readonly sent: SentForm;
}

/** `/sign-up` and `/new-password` mail a link, and the page of the link chooses the password. A GET uses nothing up. */
@VisitorPages('')
export class AccountLinksPageController {
  constructor(
    private readonly signUps: SignUps,
    private readonly newPasswords: NewPasswords,
    private readonly passkeys: PasskeySignUps,
  ) {}

  @Get('sign-up')
  signUpForm(@CurrentVisit() { frame }: Visit): Page {
    if (!this.signUps.isOpen) return closed(frame);
    return pageOf(frame, AskForLinkPage, { purpose: 'signUp' });
  }

  @Post('sign-up')
  @SameOriginOnly()
  async signUp(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    if (!this.signUps.isOpen) return closed(visit.frame);
    return request('signUp', this.signUps, { visit, visitor, sent });
  }

  @Get('new-password')
  forgottenForm(@CurrentVisit() { frame }: Visit): Page {
    return pageOf(frame, AskForLinkPage, { purpose: 'forgotten' });
  }

  @Post('new-password')
  @SameOriginOnly()
  forgotten(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    return request('forgotten', this.newPasswords, { visit, visitor, sent });
  }

  @Get(['sign-up/:token', 'new-password/:token'])
  async passwordForm(
    @CurrentVisit() { frame }: Visit,
    @Param('token') token: string,
  ): Promise<Page> {
    return this.#onLink(frame, async (links) => {
      const { email } = await links.find(token);
      return linkPage(frame, { email, token });
    });
  }

  @Post(['sign-up/:token', 'new-password/:token'])
  @SameOriginOnly()
  setPassword(
    @CurrentVisit() { frame }: Visit,
    @CurrentVisitor() visitor: Visitor,
    @Param('token') token: string,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const password = sent.get('password') ?? '';
    const reader = readerOf(visitor, frame);
    return this.#complete(frame, { token }, async (links) =>
      signedIn(reply, await links.complete(token, password, reader)),
    );
  }

  /** For the script of the page of a link to sign up. */
  @Post('sign-up/:token/passkey/options')
  @SameOriginOnly()
  async passkeyOptions(@Param('token') token: string): Promise<Page> {
    return jsonPage({ record: { ...(await this.passkeys.creationOptions(token)) } });
  }

  @Post('sign-up/:token/passkey')
  @SameOriginOnly()
  setPasskey(
    @CurrentVisit() { frame }: Visit,
    @CurrentVisitor() visitor: Visitor,
    @Param('token') token: string,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const [name, credential] = [passkeyNameIn(sent), credentialIn(sent)];
    const reader = readerOf(visitor, frame);
    return this.#complete(frame, { token, name }, async () =>
      signedIn(reply, await this.passkeys.complete(token, name, credential, reader)),
    );
  }

  /** What is refused shows the page of the link again. @param typed `name`: of a passkey */
  #complete(
    frame: PageFrame,
    typed: { readonly token: string; readonly name?: string },
    work: (links: MailedLinks) => Promise<Page>,
  ): Promise<Page> {
    return this.#onLink(frame, async (links) => {
      const { email } = await links.find(typed.token);
      try {
        return await work(links);
      } catch (error) {
        const failed = refusalOf(frame.texts, error);
        if (failed === null) throw error;
        return linkPage(frame, { email, ...typed }, failed);
      }
    });
  }

  /** A link that was used or is too old says so. */
  async #onLink(frame: PageFrame, act: (links: MailedLinks) => Promise<Page>): Promise<Page> {
    const isSignUp = frame.path.startsWith('/sign-up/');
    if (isSignUp && !this.signUps.isOpen) return closed(frame);
    try {
      return await act(isSignUp ? this.signUps : this.newPasswords);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
      const { texts } = frame;
      const back = { href: isSignUp ? '/sign-up' : '/new-password', label: texts('link.send') };
      const props = { title: texts('link.gone'), text: texts('link.goneText'), back };
      return pageOf(frame, ErrorPage, props, { status: 404 });
    }
  }
}

async function request(
  purpose: Purpose,
  links: Pick<MailedLinks, 'request'>,
  { visit: { frame }, visitor, sent }: LinkForm,
): Promise<Page> {
  const email = emailIn(sent);
  try {
    await links.request(email, readerOf(visitor, frame));
    return pageOf(frame, LinkSentPage, { email });
  } catch (error) {
    const failed = refusalOf(frame.texts, error);
    if (failed === null) throw error;
    return pageOf(frame, AskForLinkPage, { purpose, email, alert: failed.alert }, failed);
  }
}

/** @param link `name`: of a passkey, which was refused */
function linkPage(
  frame: PageFrame,
  {
    email,
    token,
    name,
  }: { readonly email: string; readonly token: string; readonly name?: string },
  failed?: FormAlert,
): Page {
  const isSignUp = frame.path.startsWith('/sign-up/');
  const alert = failed && { alert: failed.alert };
  const passkey = name === undefined ? {} : { name, error: failed?.alert };
  const path = `${isSignUp ? SIGN_UP_LINK_PATH : PASSWORD_LINK_PATH}${token}`;
  const props = { email, path, ...alert, ...(isSignUp && { passkey }) };
  return pageOf(frame, NewPasswordPage, props, {
    ...failed,
    ...(isSignUp && { script: PASSKEYS_SCRIPT }),
  });
}

function closed(frame: PageFrame): Page {
  const { texts } = frame;
  const back = { href: '/sign-in', label: texts('signIn.title') };
  const props = { title: texts('signUp.title'), text: texts('signUp.closed'), back };
  return pageOf(frame, ErrorPage, props, { status: 403 });
}
