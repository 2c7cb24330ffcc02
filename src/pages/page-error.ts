import type { VNode } from 'preact';
import { AppError, type ErrorCode } from '../shared/app-error.js';
import { retryAfterHeaders } from './form-alert.js';
import { pageOf, type Page } from './page.js';
import { ErrorPage, type ErrorPageProps } from './views/error-page.js';
import { GonePage } from './views/gone-page.js';
import { PrivatePage } from './views/private-page.js';

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
  text: 'There were too many requests from your network. Nothing was done. Try again in a few minutes.',
};
const UNEXPECTED = {
  title: 'Something went wrong',
  text: 'This is our fault, and it is written down. Try again in a moment.',
};

const ANSWERS: Record<ErrorCode, { readonly status: number; readonly view: () => VNode }> = {
  secret_gone: { status: 404, view: GonePage },
  not_found: { status: 404, view: () => ErrorPage(NOT_FOUND) },
  not_authorized: { status: 401, view: () => ErrorPage(NOT_SIGNED_IN) },
  forbidden: { status: 403, view: () => PrivatePage({}) },
  payload_too_large: { status: 413, view: () => ErrorPage(TOO_LARGE) },
  unsupported_encoding: { status: 415, view: () => ErrorPage(BAD_REQUEST) },
  invalid_request: { status: 400, view: () => ErrorPage(BAD_REQUEST) },
  wrong_passphrase: { status: 400, view: () => ErrorPage(BAD_REQUEST) },
  account_exists: { status: 400, view: () => ErrorPage(BAD_REQUEST) },
  in_progress: { status: 409, view: () => ErrorPage(UNAVAILABLE) },
  plan_required: { status: 403, view: () => ErrorPage(REFUSED) },
  rate_limited: { status: 429, view: () => ErrorPage(TOO_MANY) },
  busy: { status: 503, view: () => ErrorPage(UNAVAILABLE) },
  unavailable: { status: 503, view: () => ErrorPage(UNAVAILABLE) },
};

/**
 * The page for anything thrown. It repeats nothing of the request.
 * @param status the HTTP status that an error of Nest or Fastify carries; null for any other error
 */
export function pageErrorAnswer(error: unknown, status: number | null): Page {
  return error instanceof AppError ? answerOurs(error) : answerStatus(status ?? 500);
}

function answerOurs(error: AppError): Page {
  const { status, view } = ANSWERS[error.code];
  return pageOf(view(), { status, headers: headersOf(status, error) });
}

function headersOf(status: number, error: AppError): Readonly<Record<string, string>> {
  if (status === 415) return { 'accept-encoding': 'identity' };
  return status === 503 || status === 429 ? retryAfterHeaders(error) : {};
}

function answerStatus(status: number): Page {
  if (status === 404) return errorPage(404, NOT_FOUND);
  if (status === 403) return errorPage(403, REFUSED);
  if (status === 413) return errorPage(413, TOO_LARGE);
  return status >= 400 && status < 500 ? errorPage(400, BAD_REQUEST) : errorPage(500, UNEXPECTED);
}

function errorPage(status: number, props: ErrorPageProps): Page {
  return pageOf(ErrorPage(props), { status });
}
