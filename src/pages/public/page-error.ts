import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ComponentType } from 'preact';
import { IMAGE_BYTES_MAX } from '../../brand/images/image-codec.js';
import { offerTo } from '../../secrets/conceal-offer.js';
import { SIGN_IN_AGAIN } from '../../accounts/sessions/fresh.js';
import { CSRF_REFUSED } from '../../auth/csrf.js';
import { mayCreateHere } from '../../secrets/link-domain.js';
import { AppError, type ErrorCode } from '../../shared/app-error.js';
import { readTypedForm, type TypedForm } from './create-form.js';
import { destinationOf, leadingTo, signInAgainPath } from '../frame/destination.js';
import { retryAfterHeaders, whenToTry } from '../frame/form-alert.js';
import { isKeepable, keptFormOf } from './kept-form.js';
import type { Texts } from '../messages/messages.js';
import { PageFrames } from '../frame/frames.js';
import { FormNonces } from '../frame/form-nonces.js';
import { pageOf, type Page } from '../frame/page.js';
import { SentForm } from '../frame/page-form.js';
import { CreatePage, type CreatePageProps } from './views/create-page.js';
import { ErrorPage, type ErrorPageProps } from './views/error-page.js';
import { GonePage } from './views/gone-page.js';
import { PrivatePage } from './views/private-page.js';

const KEY = /^[0-9a-z]{31}$/;
const DOMAIN_ID = /^cd[0-9a-z]{1,62}$/;

/** The title and the text of a page of its own: `error.KIND.title` and `error.KIND.text`. */
type Kind =
  | 'notFound'
  | 'refused'
  | 'notSignedIn'
  | 'tooLarge'
  | 'tooSlow'
  | 'badRequest'
  | 'unavailable'
  | 'tooMany'
  | 'unexpected'
  | 'stale'
  | 'gone';

interface Refusal {
  readonly status: number;
  readonly kind: Kind;
  /** Replaces the page of `kind`. */
  readonly view?: ComponentType;
}

const REFUSALS: Record<ErrorCode, Refusal> = {
  secret_gone: { status: 404, kind: 'gone', view: GonePage },
  not_found: { status: 404, kind: 'notFound' },
  not_authorized: { status: 401, kind: 'notSignedIn' },
  forbidden: { status: 403, kind: 'refused', view: PrivateErrorPage },
  payload_too_large: { status: 413, kind: 'tooLarge' },
  request_timeout: { status: 408, kind: 'tooSlow' },
  unsupported_encoding: { status: 415, kind: 'badRequest' },
  invalid_request: { status: 400, kind: 'badRequest' },
  wrong_passphrase: { status: 400, kind: 'badRequest' },
  account_exists: { status: 400, kind: 'badRequest' },
  misdirected: { status: 421, kind: 'unavailable' },
  in_progress: { status: 409, kind: 'unavailable' },
  plan_required: { status: 403, kind: 'refused' },
  rate_limited: { status: 429, kind: 'tooMany' },
  busy: { status: 503, kind: 'unavailable' },
  unavailable: { status: 503, kind: 'unavailable' },
};

/**
 * Answers anything thrown with a page. What a refused form had comes back with it: the create form as it was typed, a
 * form of an account to be sent again (KeptForm), of the others the way to their page. Else a page repeats nothing of the
 * request.
 */
@Injectable()
export class PageErrors {
  constructor(
    private readonly nonces: FormNonces,
    private readonly frames: PageFrames,
  ) {}

  /** @param status the HTTP status that an error of Nest or Fastify carries; null for any other error */
  async answer(error: unknown, status: number | null, request: FastifyRequest): Promise<Page> {
    const frame = await this.frames.of(request);
    const refusal = refusalOf(error, status);
    const answer = { status: refusal.status, headers: headersOf(refusal.status, error) };
    const text = textOf(frame.texts, refusal, error);
    const form = request.method === 'POST' ? this.#createForm(text, request) : null;
    if (form !== null) return pageOf(frame, CreatePage, form, answer);
    if (refusal.view !== undefined) return pageOf(frame, refusal.view, {}, answer);
    if (isSignInMissing(error, request))
      return pageOf(frame, ErrorPage, signInFirst(frame.texts, request), answer);
    if (error instanceof AppError && error.reason === SIGN_IN_AGAIN)
      return pageOf(frame, ErrorPage, signInAgain(frame.texts, request), answer);
    const title = frame.texts(`error.${refusal.kind}.title`);
    const upload = refusal.status === 413 ? uploadOf(frame.texts, request) : null;
    if (upload !== null) return pageOf(frame, ErrorPage, { title, ...upload }, answer);
    const kept = keptFormOf(request, error);
    if (kept !== null) {
      const why = keptTextOf(frame.texts, text, refusal, request);
      return pageOf(frame, ErrorPage, { title, text: why, kept }, answer);
    }
    const back =
      request.method === 'POST'
        ? formPageOf(frame.texts, request)
        : retryOf(frame.texts, refusal.status);
    const props = back === null ? { title, text } : { title, text, back };
    return pageOf(frame, ErrorPage, props, answer);
  }

  /** Null for another form, when its body was not read, and where the sender may not create. */
  #createForm(alert: string, request: FastifyRequest): CreatePageProps | null {
    const { body, tenant, account = null, token = null, session = null } = request;
    if (!isCreateForm(request) || !Buffer.isBuffer(body)) return null;
    const { network, client } = request;
    const caller = { tenant, account, token, session, network, client };
    if (!mayCreateHere(caller, 'page')) return null;
    const nonce = this.nonces.issue(caller, { form: 'create', key: '' });
    return {
      offer: offerTo(caller),
      nonce,
      alert,
      ...typedIn(body, request.headers['content-type']),
    };
  }
}

function PrivateErrorPage() {
  return PrivatePage({});
}

/** A page of an account, loaded by a browser that is not signed in. Programs send credentials, which were wrong then. */
function isSignInMissing(error: unknown, { tenant, headers }: FastifyRequest): boolean {
  if (!(error instanceof AppError) || error.code !== 'not_authorized') return false;
  return headers.authorization === undefined && tenant.customDomain === null;
}

function signInFirst(texts: Texts, request: FastifyRequest): ErrorPageProps {
  const href = leadingTo('/sign-in', wantedPage(request));
  const back = { href, label: texts('signIn.title') };
  return { title: texts('signIn.first'), text: texts('signIn.firstText'), back };
}

/** Of pages whose forms do not lead there by themselves. */
function signInAgain(texts: Texts, request: FastifyRequest): ErrorPageProps {
  const back = { href: signInAgainPath(wantedPage(request)), label: texts('again.title') };
  return { title: texts('again.title'), text: texts('security.again'), back };
}

/** Where the sign-in leads: what takes a form only cannot be loaded again. */
function wantedPage({ method, raw }: FastifyRequest): string {
  return destinationOf(method === 'GET' ? raw.url : null);
}

/** Whether the answer to an error repeats the form, for which the body is needed. */
export function repeatsForm(request: FastifyRequest, error: unknown): boolean {
  return isCreateForm(request) || isKeepable(request, error);
}

function isCreateForm({ method, routeOptions }: FastifyRequest): boolean {
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

/** The same address, which the page does not repeat. */
function retryOf(texts: Texts, status: number): NonNullable<ErrorPageProps['back']> | null {
  return isTemporary(status) ? { href: '', label: texts('error.retry') } : null;
}

/** The page with the form that was sent, which a GET may load at any time. */
function formPageOf(
  texts: Texts,
  { routeOptions, params }: FastifyRequest,
): NonNullable<ErrorPageProps['back']> | null {
  const [, page] = /^\/(secret|receipt)\/:key/.exec(routeOptions.url ?? '') ?? [];
  const { key = '' } = params as { readonly key?: string };
  if (page === undefined || !KEY.test(key)) return null;
  const label = page === 'secret' ? texts('error.backToMessage') : texts('value.back');
  return { href: `/${page}/${key}`, label };
}

/** For an image that is too large to be read at all; null for another form. */
function uploadOf(
  texts: Texts,
  { routeOptions, params }: FastifyRequest,
): Omit<ErrorPageProps, 'title'> | null {
  const { id = '', kind } = params as { readonly id?: string; readonly kind?: string };
  if (routeOptions.url !== '/domains/:id/images/:kind' || !DOMAIN_ID.test(id)) return null;
  const bytes = IMAGE_BYTES_MAX[kind === 'icon' ? 'icon' : 'logo'];
  const back = { href: `/domains/${id}/images`, label: texts('images.title') };
  return { text: texts('images.tooLarge', { bytes }), back };
}

function headersOf(status: number, error: unknown): Readonly<Record<string, string>> {
  if (status === 415) return { 'accept-encoding': 'identity' };
  return isTemporary(status) && error instanceof AppError ? retryAfterHeaders(error) : {};
}

/** For a page of its own, and for the form that is shown again. */
function textOf(texts: Texts, { kind, status, view }: Refusal, error: unknown): string {
  const text = view === PrivateErrorPage ? texts('private.text') : texts(`error.${kind}.text`);
  if (!isTemporary(status) || !(error instanceof AppError)) return text;
  return `${text} ${whenToTry(texts, error)}`;
}

/** Above the form that can be sent again. After another sign-in it is sent for the account of that. */
function keptTextOf(
  texts: Texts,
  text: string,
  { kind }: Refusal,
  { account }: FastifyRequest,
): string {
  return kind === 'stale' ? texts('error.stale.kept', { email: account?.email ?? '' }) : text;
}

function isTemporary(status: number): boolean {
  return status === 503 || status === 429;
}

function refusalOfOurs({ code, reason }: AppError): Refusal {
  if (code !== 'forbidden' || reason === undefined) return REFUSALS[code];
  // Not because of where the sender may create, but of what was sent.
  return { status: 403, kind: reason === CSRF_REFUSED ? 'stale' : 'refused' };
}

function refusalOf(error: unknown, status: number | null): Refusal {
  if (error instanceof AppError) return refusalOfOurs(error);
  if (status === 404) return { status, kind: 'notFound' };
  if (status === 403) return { status, kind: 'refused' };
  if (status === 413) return { status, kind: 'tooLarge' };
  const isTheirs = status !== null && status >= 400 && status < 500;
  return isTheirs ? { status: 400, kind: 'badRequest' } : { status: 500, kind: 'unexpected' };
}
