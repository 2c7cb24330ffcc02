import type { FastifyReply } from 'fastify';
import type { SignInOutcome } from '../../accounts/sign-in/sign-in.store.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { setPendingCookie, setSessionCookie } from '../../auth/session-cookie.js';
import { AppError } from '../../shared/app-error.js';
import { destinationOf, leadingTo } from '../frame/destination.js';
import { tryAgainLater, type FormAlert } from '../frame/form-alert.js';
import type { PageFrame } from '../frame/frame.js';
import type { SentForm } from '../frame/page-form.js';
import { seeOther, type Page } from '../frame/page.js';
import { hasText, type Texts } from '../messages/messages.js';
import { PASSWORD_BOUNDS } from './views/sign-in-pages.js';

/**
 * The browser gets its session and the page that it asked for, or is asked for the second factor.
 * @param to see destinationOf()
 */
export function signedIn(
  reply: FastifyReply,
  outcome: SignInOutcome,
  to = destinationOf(null),
): Page {
  if (outcome.kind === 'second_factor') {
    setPendingCookie(reply, outcome.pending);
    return seeOther(leadingTo('/sign-in/code', to));
  }
  setSessionCookie(reply, outcome.session.value);
  return seeOther(to);
}

const EMAIL_LENGTH_MAX = 320;

/** The address in a form: as long as one can be, since it is shown again. */
export function emailIn(sent: SentForm): string {
  return (sent.get('email') ?? '').trim().slice(0, EMAIL_LENGTH_MAX);
}

/** Its mails are in the language of the page. */
export function readerOf(visitor: Visitor, { language }: PageFrame): Visitor {
  return { ...visitor, language };
}

/** What a form of these pages says when it is shown again; null for an error that needs another page. */
export function refusalOf(texts: Texts, error: unknown): FormAlert | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'rate_limited') return tryAgainLater(texts, error, texts('signIn.limited'));
  if (error.code === 'busy') return tryAgainLater(texts, error, texts('receipt.busy'));
  if (error.reason === 'MAIL_NOT_CONFIGURED')
    return tryAgainLater(texts, error, texts('link.noMail'));
  if (error.code !== 'invalid_request') return null;
  return { status: 400, headers: {}, alert: reasonOf(texts, error) };
}

function reasonOf(texts: Texts, { reason }: AppError): string {
  if (reason === 'EMAIL_INVALID') return texts('link.emailInvalid');
  if (reason === 'CODE_WRONG') return texts('code.wrong');
  for (const key of [`newPassword.${reason}`, `security.refused.${reason}`])
    if (hasText(key)) return texts(key, PASSWORD_BOUNDS);
  return texts('signIn.refused');
}
