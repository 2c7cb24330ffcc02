import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AccountId } from '../../accounts/account.js';
import { Passkeys } from '../../accounts/passkeys/passkeys.service.js';
import { Passwords } from '../../accounts/password/passwords.service.js';
import { SecondFactors } from '../../accounts/second-factor/second-factors.service.js';
import { SIGN_IN_AGAIN } from '../../accounts/sessions/fresh.js';
import { csrfTokenOf, type SessionValue } from '../../accounts/sessions/session-value.js';
import type { Changed, Owner } from '../../accounts/sign-in/protected-changes.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { setSessionCookie } from '../../auth/session-cookie.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { signInAgainPath } from '../frame/destination.js';
import type { FormAlert } from '../frame/form-alert.js';
import type { PageFrame } from '../frame/frame.js';
import type { Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PASSKEYS_SCRIPT } from '../frame/served-files.js';
import type { Texts } from '../messages/messages.js';
import { readerOf, refusalOf } from './signed-in.js';
import type { RefusedForm } from './views/refused-form.js';
import { SecurityPage, type SecurityFacts } from './views/security-page.js';

export const SECURITY_PATH = '/account/security';

/** Who sends a form of the security page. */
export interface SecurityVisit {
  readonly visit: Visit;
  readonly visitor: Visitor;
}

/** A form as it was typed, but for passwords and codes. */
export type TypedForm = Pick<RefusedForm, 'form' | 'name'>;

/** `/account/security`: by what its owner signs in to an account, and the changes of that. */
@Injectable()
export class AccountSecurity {
  constructor(
    private readonly passwords: Passwords,
    private readonly passkeys: Passkeys,
    private readonly factors: SecondFactors,
  ) {}

  async factsOf(id: AccountId): Promise<SecurityFacts> {
    const [passwordSetAt, passkeys, factor] = await Promise.all([
      this.passwords.changedAt(id),
      this.passkeys.list(id),
      this.factors.state(id),
    ]);
    return { passwordSetAt, passkeys, factor };
  }

  /** @param refused a form that is shown again */
  async page({ caller, frame }: Visit, refused?: RefusedForm, answer?: FormAlert): Promise<Page> {
    const { id, email } = accountOf(caller);
    const facts = await this.factsOf(id);
    const canChange = caller.session?.isFresh === true;
    const props = { ...facts, email, canChange, ...(refused && { refused }) };
    return pageOf(frame, SecurityPage, props, { ...answer, script: PASSKEYS_SCRIPT });
  }

  /**
   * Does what a form asks for, or shows the page again with why not and what was typed. Whoever must sign in again comes
   * back to it.
   */
  async change(
    { visit, visitor }: SecurityVisit,
    typed: TypedForm,
    work: (owner: Owner) => Promise<Page>,
  ): Promise<Page> {
    try {
      return await work(ownerOf(visit, visitor));
    } catch (error) {
      if (mustSignInAgain(error)) return seeOther(signInAgainPath(pathWith(typed)));
      const failed = whyNot(visit.frame.texts, error);
      if (failed === null) throw error;
      return this.page(visit, { ...typed, alert: failed.alert }, failed);
    }
  }
}

/** Programs change nothing here, whatever their token may. */
export function ownerOf({ caller, frame }: Visit, visitor: Visitor): Owner {
  const { session } = caller;
  if (session === null) throw new AppError('forbidden', 'Only a browser that is signed in may.');
  return { account: accountOf(caller), session, visitor: readerOf(visitor, frame) };
}

export function mustSignInAgain(error: unknown): boolean {
  return error instanceof AppError && error.reason === SIGN_IN_AGAIN;
}

/** Null for an error that needs another page. */
function whyNot(texts: Texts, error: unknown): FormAlert | null {
  if (error instanceof AppError && error.code === 'not_found')
    return { status: 404, headers: {}, alert: texts('security.refused.GONE') };
  return refusalOf(texts, error);
}

function pathWith({ name }: TypedForm): string {
  if (!name) return SECURITY_PATH;
  return `${SECURITY_PATH}?${new URLSearchParams({ name }).toString()}`;
}

/** After a change the browser has a new value, and sees what it changed. */
export function changed(reply: FastifyReply, { sessionValue }: Changed<unknown>): Page {
  setSessionCookie(reply, sessionValue);
  return seeOther(SECURITY_PATH);
}

/** After a change the browser has a new value, and the page of the same answer its new token. */
export function withNewValue(
  frame: PageFrame,
  reply: FastifyReply,
  value: SessionValue,
): PageFrame {
  setSessionCookie(reply, value);
  return { ...frame, csrf: csrfTokenOf(value, frame.tenant.region) };
}
