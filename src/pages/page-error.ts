import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { PLANS } from '../accounts/plans.js';
import { mayCreateHere } from '../secrets/link-domain.js';
import { AppError, type ErrorCode } from '../shared/app-error.js';
import { readTypedForm, type TypedForm } from './create-form.js';
import { retryAfterHeaders, whenToTry } from './form-alert.js';
import { FormNonces } from './form-nonces.js';
import { pageOf, type Page } from './page.js';
import { SentForm } from './page-form.js';
import { CreatePage } from './views/create-page.js';
import { ErrorPage, type ErrorPageProps } from './views/error-page.js';
import { GonePage } from './views/gone-page.js';
import { PrivatePage } from './views/private-page.js';

const KEY = /^[0-9a-z]{31}$/;

const NOT_FOUND = {
  title: 'Page not found',
  text: 'There is nothing at this address. Check that you have all of it.',
};
const REFUSED = {
  title: 'Please use the page itself',
  text: 'This did not come from a page of this site, so nothing was done. Open the link again and use its button.',
};
const NOT_SIGNED_IN = {
  title: 'Not authorized',
  text: 'The credentials that were sent are not valid here.',
};
const TOO_LARGE = {
  title: 'Too large',
  text: 'That is far more than fits into one message, and nothing was stored. Go back to shorten it: your browser should still have what you wrote.',
};
const TOO_SLOW = {
  title: 'That took too long',
  text: 'Your message did not arrive in time, and nothing was stored. Go back and try again.',
};
const BAD_REQUEST = {
  title: 'That did not work',
  text: 'The request could not be understood. Go back and try again.',
};
const UNAVAILABLE = {
  title: 'Try again in a moment',
  text: 'The service does not answer just now. Your link stays as it is.',
};
const TOO_MANY = {
  title: 'Too many requests',
  text: 'There were too many requests from your network. Nothing was done.',
};
const UNEXPECTED = {
  title: 'Something went wrong',
  text: 'This is our fault, and it is written down. Try again in a moment.',
};

interface Refusal {
  readonly status: number;
  /** For a page of its own, and for the form that is shown again. */
  readonly props: ErrorPageProps;
  /** Replaces the page of `props`. */
  readonly view?: () => VNode;
}

const GONE = { title: 'Gone', text: 'That is not possible any more.' };
const PRIVATE = { title: 'For private use', text: 'New messages are not written here.' };

const REFUSALS: Record<ErrorCode, Refusal> = {
  secret_gone: { status: 404, props: GONE, view: GonePage },
  not_found: { status: 404, props: NOT_FOUND },
  not_authorized: { status: 401, props: NOT_SIGNED_IN },
  forbidden: { status: 403, props: PRIVATE, view: () => PrivatePage({}) },
  payload_too_large: { status: 413, props: TOO_LARGE },
  request_timeout: { status: 408, props: TOO_SLOW },
  unsupported_encoding: { status: 415, props: BAD_REQUEST },
  invalid_request: { status: 400, props: BAD_REQUEST },
  wrong_passphrase: { status: 400, props: BAD_REQUEST },
  account_exists: { status: 400, props: BAD_REQUEST },
  in_progress: { status: 409, props: UNAVAILABLE },
  plan_required: { status: 403, props: REFUSED },
  rate_limited: { status: 429, props: TOO_MANY },
  busy: { status: 503, props: UNAVAILABLE },
  unavailable: { status: 503, props: UNAVAILABLE },
};

/**
 * Answers anything thrown with a page. What a refused form had comes back with it: the create form as it was typed, of
 * the others the way to their page. A page of its own repeats nothing of the request.
 */
@Injectable()
export class PageErrors {
  constructor(private readonly nonces: FormNonces) {}

  /** @param status the HTTP status that an error of Nest or Fastify carries; null for any other error */
  answer(error: unknown, status: number | null, request: FastifyRequest): Page {
    const refusal = refusalOf(error, status);
    const answer = { status: refusal.status, headers: headersOf(refusal.status, error) };
    const props = withTime(refusal.props, error, refusal.status);
    if (request.method !== 'POST') return pageOf(viewOf(refusal, props), answer);
    const form = this.#createForm(props.text, request);
    if (form !== null) return pageOf(form, answer);
    const back = formPageOf(request);
    return pageOf(viewOf(refusal, back === null ? props : { ...props, back }), answer);
  }

  /** Null for another form, when its body was not read, and where the sender may not create. */
  #createForm(alert: string, request: FastifyRequest): VNode | null {
    const { body, tenant, account = null, token = null, network, client } = request;
    if (!showsFormAgain(request) || !Buffer.isBuffer(body)) return null;
    const caller = { tenant, account, token, network, client };
    if (!mayCreateHere(caller, 'page')) return null;
    const nonce = this.nonces.issue(caller, { form: 'create', key: '' });
    const limits = PLANS[account?.plan ?? 'anonymous'];
    return CreatePage({ limits, nonce, alert, ...typedIn(body, request.headers['content-type']) });
  }
}

/** Whether the answer to an error repeats the form, for which the body is needed. */
export function showsFormAgain({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && routeOptions.url === '/';
}

/** What was typed, also in a form that is not accepted since it is no UTF-8: with replacement characters. */
function typedIn(body: Buffer, contentType: string | undefined): TypedForm {
  try {
    return readTypedForm(new SentForm(body, contentType));
  } catch {
    return readTypedForm(new URLSearchParams(body.toString('utf8')));
  }
}

/** The page with the form that was sent, which a GET may load at any time. */
function formPageOf({
  routeOptions,
  params,
}: FastifyRequest): NonNullable<ErrorPageProps['back']> | null {
  const [, page] = /^\/(secret|receipt)\/:key/.exec(routeOptions.url ?? '') ?? [];
  const { key = '' } = params as { readonly key?: string };
  if (page === undefined || !KEY.test(key)) return null;
  const label = page === 'secret' ? 'Back to the message' : 'Back to the receipt';
  return { href: `/${page}/${key}`, label };
}

function viewOf({ view }: Refusal, props: ErrorPageProps): VNode {
  return view === undefined ? ErrorPage(props) : view();
}

function headersOf(status: number, error: unknown): Readonly<Record<string, string>> {
  if (status === 415) return { 'accept-encoding': 'identity' };
  return isTemporary(status) && error instanceof AppError ? retryAfterHeaders(error) : {};
}

function withTime(props: ErrorPageProps, error: unknown, status: number): ErrorPageProps {
  if (!isTemporary(status) || !(error instanceof AppError)) return props;
  return { ...props, text: `${props.text} ${whenToTry(error)}` };
}

function isTemporary(status: number): boolean {
  return status === 503 || status === 429;
}

function refusalOf(error: unknown, status: number | null): Refusal {
  if (error instanceof AppError) return REFUSALS[error.code];
  if (status === 404) return { status, props: NOT_FOUND };
  if (status === 403) return { status, props: REFUSED };
  if (status === 413) return { status, props: TOO_LARGE };
  const isTheirs = status !== null && status >= 400 && status < 500;
  return isTheirs ? { status: 400, props: BAD_REQUEST } : { status: 500, props: UNEXPECTED };
}
